package bwt

// ahead is how many rows are looked at before they are worked on. A processor reaches many
// places in memory at once if it knows them early; the loops that sort learn them late.
const ahead = 64

// reach reads, for each position in rows, what it stands for in data, so that it is near when
// it is needed. Complements and what lies outside are passed over. The sum means nothing.
func reach[T byte | int32](data []T, rows []int32) (sum T) {
	for _, p := range rows {
		if p := int(p &^ (p >> 31)); p < len(data) {
			sum += data[p]
		}
	}
	return sum
}
