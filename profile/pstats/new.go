package pstats

// New makes a profile of rows; a row's place is the [FuncID] that callers name.
// Rows that are Listed are in the order of the file. The rows are used, not copied.
func New(rows []Row) *Stats {
	s := &Stats{Rows: rows}
	for id := range rows {
		if rows[id].Listed {
			s.order = append(s.order, FuncID(id))
		}
	}
	s.total()
	return s
}
