package app

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/cantil-py/cantil/bench"
	"github.com/cantil-py/cantil/durable"
)

// BenchExport is a file to write, and its format.
type BenchExport struct {
	Format, Path string
	write        func(*BenchReport, io.Writer) error
}

// benchFormats lists the formats, each with the ending that stands for it; "" for none.
var benchFormats = []struct {
	name, ending string
	write        func(*BenchReport, io.Writer) error
}{
	{"json", ".json", (*BenchReport).WriteJSON},
	{"csv", ".csv", (*BenchReport).WriteCSV},
	{"markdown", ".md", (*BenchReport).WriteMarkdown},
	{"svg", ".svg", (*BenchReport).WriteSVG},
	{"hyperfine", "", (*BenchReport).WriteHyperfine},
}

// ParseBenchExport reads FILE, whose ending says the format, or FORMAT:FILE.
func ParseBenchExport(text string) (BenchExport, error) {
	var names []string
	for _, f := range benchFormats {
		if path, found := strings.CutPrefix(text, f.name+":"); found && path != "" {
			return BenchExport{f.name, path, f.write}, nil
		}
		names = append(names, f.name)
	}
	for _, f := range benchFormats {
		if f.ending != "" && strings.EqualFold(filepath.Ext(text), f.ending) {
			return BenchExport{f.name, text, f.write}, nil
		}
	}
	return BenchExport{}, fmt.Errorf("of which format is %s? name it, as in %s:%s; there are %s", text, names[0], text, strings.Join(names, ", "))
}

// Export writes the report to a file, which is whole or as it was.
func (r *BenchReport) Export(e BenchExport) error {
	if err := durable.WriteShared(e.Path, func(w io.Writer) error { return e.write(r, w) }); err != nil {
		return fmt.Errorf("writing the %s export: %w", e.Format, err)
	}
	return nil
}

// WriteJSON writes all that was measured, and what it says.
func (r *BenchReport) WriteJSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(r)
}

// WriteCSV writes a row for each run. Times are in seconds, memory in bytes; what is not told is empty.
func (r *BenchReport) WriteCSV(w io.Writer) error {
	table := csv.NewWriter(w)
	params := r.paramNames()
	header := []string{"command", "round", "place", "at", "wall", "user", "system", "memory", "instructions", "exit_code", "timed_out"}
	for _, p := range params {
		header = append(header, "parameter_"+p)
	}
	_ = table.Write(header) // the Writer keeps its error
	seconds := func(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
	known := func(v int64) string {
		if v == 0 {
			return ""
		}
		return strconv.FormatInt(v, 10)
	}
	for i, s := range r.Series {
		for _, run := range s.Runs {
			row := []string{
				s.Name, strconv.Itoa(run.Round), strconv.Itoa(run.Place), seconds(run.At), seconds(run.Wall), seconds(run.User),
				seconds(run.System), known(run.Peak), known(run.Instructions), strconv.Itoa(run.Code), strconv.FormatBool(run.TimedOut),
			}
			for _, p := range params {
				row = append(row, r.Commands[i].Params[p])
			}
			_ = table.Write(row)
		}
	}
	table.Flush()
	return table.Error()
}

func (r *BenchReport) paramNames() []string {
	names := map[string]bool{}
	for _, c := range r.Commands {
		for name := range c.Params {
			names[name] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// WriteMarkdown writes a table, and the verdicts below it.
func (r *BenchReport) WriteMarkdown(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "| command | %s, typical | 95 %% | min | max | runs | ratio |\n|:--|--:|--:|--:|--:|--:|--:|\n", r.Metric)
	for i, c := range r.Commands {
		s, text := c.Summary[string(r.Metric)], r.Metric.Text
		ratio := ""
		if i > 0 && r.Verdicts[i-1].Known() {
			v := r.Verdicts[i-1]
			ratio = fmt.Sprintf("%.3g (%.3g to %.3g)", 1/v.Ratio.Ratio, 1/v.High, 1/v.Low)
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s to %s | %s | %s | %d | %s |\n", strings.ReplaceAll(c.Name, "|", "\\|"),
			text(s.Typical), text(s.Low), text(s.High), text(s.Min), text(s.Max), s.N, ratio)
	}
	if len(r.Verdicts) > 0 {
		fmt.Fprintln(&b)
	}
	for _, v := range r.Verdicts {
		fmt.Fprintf(&b, "- %s\n", v.Text)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// hyperfineResult is one of the "results" of hyperfine's --export-json, version 1.18 and later.
type hyperfineResult struct {
	Command   string            `json:"command"`
	Mean      float64           `json:"mean"`
	Stddev    *float64          `json:"stddev"` // null for one run
	Median    float64           `json:"median"`
	User      float64           `json:"user"`
	System    float64           `json:"system"`
	Min       float64           `json:"min"`
	Max       float64           `json:"max"`
	Times     []float64         `json:"times"`
	Memory    []int64           `json:"memory_usage_byte,omitempty"`
	ExitCodes []int             `json:"exit_codes"`
	Params    map[string]string `json:"parameters,omitempty"`
}

// WriteHyperfine writes hyperfine's JSON, for programs that read it. A command without a run is left out.
func (r *BenchReport) WriteHyperfine(w io.Writer) error {
	results := []hyperfineResult{}
	for i, s := range r.Series {
		wall := bench.Summarize(s.Figures(bench.Wall))
		if wall.N == 0 {
			continue
		}
		h := hyperfineResult{
			Command: r.Commands[i].Name, Mean: wall.Mean, Median: wall.Median, Min: wall.Min, Max: wall.Max, Params: r.Commands[i].Params,
			Times: s.Figures(bench.Wall), User: meanOf(s, func(x bench.Run) float64 { return x.User }), System: meanOf(s, func(x bench.Run) float64 { return x.System }),
		}
		if wall.N > 1 {
			h.Stddev = &wall.Stddev
		}
		for _, run := range s.Runs {
			if run.TimedOut {
				continue // Times has none for it either
			}
			h.ExitCodes = append(h.ExitCodes, run.Code)
			if run.Peak > 0 {
				h.Memory = append(h.Memory, run.Peak)
			}
		}
		results = append(results, h)
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(map[string]any{"results": results})
}

func meanOf(s bench.Series, of func(bench.Run) float64) float64 {
	sum := 0.0
	for _, run := range s.Runs {
		sum += of(run)
	}
	return sum / float64(len(s.Runs))
}
