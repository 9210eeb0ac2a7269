package app

// StatsView says which functions of a profile are shown, in what order and how.
// Its zero value shows everything in the order of the file, as pstats does when
// nothing was sorted; [DefaultView] is what the commands start from.
type StatsView struct {
	Sort      []string // pstats' keys, most important first; "none" keeps the file's order
	Restrict  []string // applied in turn: a count, a fraction with a point, else a regular expression; "all" for no limit
	StripDirs bool     // file names without their folders; functions that become alike are summed
	Callers   bool     // instead of the table, who called each function
	Callees   bool     // instead of the table, what each function called
	Reverse   bool     // the sorted list backwards
	Correct   bool     // right figures where pstats itself loses callers
}

// DefaultSort and DefaultRestrict are what the commands use when nothing is said:
// the fifteen functions with the largest cumulative time.
const (
	DefaultSort     = "cumtime"
	DefaultRestrict = "15"
)

// DefaultView shows the [DefaultRestrict] first functions by [DefaultSort].
func DefaultView() StatsView {
	return StatsView{Sort: []string{DefaultSort}, Restrict: []string{DefaultRestrict}}
}
