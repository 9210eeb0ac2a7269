package app

import (
	"io"

	"github.com/cantil-py/cantil/profile/pstats"
)

// StatsView says which functions of a profile are shown, in what order and how.
// Its zero value shows everything in the order of the file, as pstats does when
// nothing was sorted; [DefaultView] is what the commands start from.
type StatsView struct {
	Sort      []string // keys of [SortKeys], most important first; "none" alone keeps the file's order
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

// everything is the restriction that restricts nothing.
const everything = "all"

// DefaultView shows the [DefaultRestrict] first functions by [DefaultSort].
func DefaultView() StatsView {
	return StatsView{Sort: []string{DefaultSort}, Restrict: []string{DefaultRestrict}}
}

// SortKeys lists the words of [StatsView.Sort], each with what it sorts by.
// pstats takes some abbreviations of them as well, and so does cantil.
func SortKeys() (words, meanings []string) {
	for _, key := range pstats.SortKeys() {
		words, meanings = append(words, key.Name), append(meanings, key.Description)
	}
	return append(words, "none"), append(meanings, "the order of the file")
}

// Check finds what is wrong with a view before any work is done for it.
func (v StatsView) Check() error {
	if _, err := v.restrictions(); err != nil {
		return err
	}
	return new(pstats.Stats).Sort(v.Sort...)
}

// restrictions are those of the view as pstats takes them.
func (v StatsView) restrictions() ([]pstats.Restriction, error) {
	var list []pstats.Restriction
	for _, text := range v.Restrict {
		if text == everything {
			continue
		}
		r, err := pstats.ParseRestriction(text)
		if err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, nil
}

// arrange brings stats into the form and order of the view. As with pstats the
// folders go first, because taking them away undoes a sort.
func (v StatsView) arrange(stats *pstats.Stats) error {
	if v.Correct {
		stats.Correct()
	}
	if v.StripDirs {
		if err := stats.StripDirs(); err != nil {
			return err
		}
	}
	if err := stats.Sort(v.Sort...); err != nil {
		return err
	}
	if v.Reverse {
		stats.Reverse()
	}
	return nil
}

// write writes what is to be shown of stats to w.
func (v StatsView) write(w io.Writer, stats *pstats.Stats, format Format) error {
	restrictions, err := v.restrictions()
	if err != nil {
		return err
	}
	switch format {
	case JSON:
		return stats.WriteJSON(w, restrictions...)
	case CSV:
		return stats.WriteCSV(w, restrictions...)
	}
	return v.print(w, stats, restrictions)
}

// print prints the table, or the callers, the callees or both instead of it.
func (v StatsView) print(w io.Writer, stats *pstats.Stats, restrictions []pstats.Restriction) error {
	if !v.Callers && !v.Callees {
		return stats.Print(w, restrictions...)
	}
	if v.Callers {
		if err := stats.PrintCallers(w, restrictions...); err != nil {
			return err
		}
	}
	if v.Callees {
		return stats.PrintCallees(w, restrictions...)
	}
	return nil
}
