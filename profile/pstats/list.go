package pstats

// List returns the functions that [Stats.Print] would list, in its order, and the lines
// that Print puts above them: how they are ordered, and what was done to the list. It
// is for those who print them in another form. A pattern that Python refuses is an error
// here.
func (s *Stats) List(restrictions ...Restriction) (ids []FuncID, heading string, err error) {
	chosen, err := s.restrict(restrictions)
	if err == nil {
		err = chosen.invalid
	}
	if err != nil {
		return nil, "", err
	}
	return chosen.ids, string(s.appendListing(nil, chosen)), nil
}
