package bwt

// A processor reaches many places in memory at once if it knows them early; the loops that
// sort learn them late. So they fetch what rows further on stand for. That needs not be
// exact: fetch passes over what is no position in data.
const (
	// ahead is how many rows lie between those that are worked on and those that are fetched for.
	ahead = 32
	// batch is how many are fetched for at a time: about as many accesses as a processor has under way.
	batch = 16
)
