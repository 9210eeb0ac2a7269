package cli

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/cantil-py/cantil/bench"
	"github.com/cantil-py/cantil/internal/app"
)

// TestBenchTable: lines fit into the terminal as long as that can be, and nothing that decides is left out.
func TestBenchTable(t *testing.T) {
	name := "python3 a-script-with-a-long-name.py"
	r := &app.BenchReport{Result: &bench.Result{Metric: bench.Wall}}
	summary := bench.Summary{N: 50, Typical: 0.0123, Low: 0.0122, High: 0.0124, Min: 0.01, Max: 0.02}
	r.Commands = []app.BenchCommand{{Name: name, Summary: map[string]app.BenchSummary{"wall": summary, "user": summary, "memory": {Max: 12e6}}}}
	for columns, want := range map[int]string{
		0:   "COMMAND TYPICAL 95 % MIN MAX USER SYSTEM MEMORY RUNS",
		120: "COMMAND TYPICAL 95 % MIN MAX USER SYSTEM MEMORY RUNS",
		100: "COMMAND TYPICAL 95 % MIN MAX USER SYSTEM MEMORY RUNS",
		80:  "COMMAND TYPICAL 95 % MIN MAX MEMORY RUNS",
		60:  "COMMAND TYPICAL 95 % MEMORY RUNS",
		20:  "COMMAND TYPICAL 95 % MEMORY RUNS",
	} {
		lines := benchTable(r, columns)
		if got := strings.Join(strings.Fields(lines[0]), " "); got != want {
			t.Errorf("%d columns: %q, want %q", columns, got, want)
		}
		for _, line := range lines {
			if n := utf8.RuneCountInString(line); columns >= 60 && n > columns {
				t.Errorf("%d columns: a line of %d: %q", columns, n, line)
			}
		}
		if all := strings.Join(lines, "\n"); !strings.Contains(all, name) || !strings.Contains(all, "12.2 ms to 12.4 ms") {
			t.Errorf("%d columns: %s", columns, all)
		}
	}
}
