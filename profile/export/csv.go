package export

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"github.com/cantil-py/cantil/profile/pstats"
	"github.com/cantil-py/cantil/profile/stacks"
)

// csvFormat is a table for spreadsheets and data frames, as cantil stats --csv writes it:
// docs/formats/stats.md, docs/formats/samples.md.
func csvFormat() Format {
	return Format{
		Name: "csv", Summary: "spreadsheets, pandas: a line for each function, and of exact profiles for each caller", Ending: ".csv", Raw: true,
		Sampled: writeCSV,
		Exact:   func(w io.Writer, s *pstats.Stats) error { return s.WriteCSV(w) },
	}
}

func writeCSV(w io.Writer, p *stacks.Profile) error {
	out := csv.NewWriter(w)
	record := strings.Split("file,line,name,own_samples,own_seconds,own_share,own_low,own_high,"+
		"cumulative_samples,cumulative_seconds,cumulative_share,cumulative_low,cumulative_high", ",")
	if err := out.Write(record); err != nil {
		return err
	}
	for _, row := range p.Rows() {
		f := p.Funcs[row.Func]
		record = append(record[:0], f.File, strconv.Itoa(f.FirstLine), f.Name)
		for _, s := range []stacks.Share{row.Own, row.Cumulative} {
			record = append(record, strconv.FormatInt(s.Count, 10))
			for _, x := range []float64{p.Time(s.Count).Seconds(), s.Value, s.Low, s.High} {
				record = append(record, strconv.FormatFloat(x, 'g', 6, 64))
			}
		}
		if err := out.Write(record); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
