package pstats

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/cantil-py/cantil/internal/testpy"
	"github.com/google/go-cmp/cmp"
)

// odd is a profile with everything exports could stumble over: names that collide
// or are not UTF-8, numbers JSON has not, count-only callers.
func odd() *Stats {
	return &Stats{
		Sources: []Source{{Path: "a,\"b\".prof", Modified: time.Date(2026, 3, 4, 5, 6, 7, 8000, time.UTC)}, {Path: "\xff"}},
		Rows: []Row{
			{Func: Func{"a.py", 1, "f"}, Listed: true, Counts: Counts{3, 2, math.NaN(), math.Inf(-1)}, Callers: []Edge{
				{Caller: 1, Counts: Counts{3, 2, 1e-7, 1e21}}, {Caller: 2, CountOnly: true, Counts: Counts{Calls: 9}}}},
			{Func: Func{"a.py", 2, "f"}, Listed: true, Counts: Counts{1, 1, 0.1, math.Inf(1)}},
			{Func: Func{"\xed\xb2\x80é\n", 0, "q\"\\,\x01"}},
		},
		order:      []FuncID{0, 1},
		TotalCalls: 4, PrimitiveCalls: 3, TotalTime: 0.5,
	}
}

// TestJSON has Python read the JSON back, for its reading of lone surrogates.
func TestJSON(t *testing.T) {
	var out bytes.Buffer
	if err := odd().WriteJSON(&out); err != nil {
		t.Fatal(err)
	}
	const show = `
import json, sys
d = json.loads(sys.argv[1])
print(ascii([f['path'] for f in d['files']]), d['files'][0]['modified'], d['calls'], d['primitive_calls'], d['seconds'], d['sampled'])
for f in d['functions']:
    for r in [f] + f['callers']:
        print(ascii(r['file']), r['line'], ascii(r['name']), r['calls'], r.get('primitive_calls'), r.get('own_seconds'), r.get('cumulative_seconds'))
`
	want := strings.Join([]string{
		`['a,"b".prof', '\udcff'] 2026-03-04T05:06:07.000008Z 4 3 0.5 False`,
		`'a.py' 1 'f' 3 2 NaN -Infinity`,
		`'a.py' 2 'f' 3 2 1e-07 1e+21`,
		`'\udc80\xe9\n' 0 'q"\\,\x01' 9 None None None`,
		`'a.py' 2 'f' 1 1 0.1 Infinity`, ""}, "\n")
	if diff := cmp.Diff(want, testpy.Run(t, testpy.Newest(t), show, out.String())); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestCSV(t *testing.T) {
	var out bytes.Buffer
	s := odd()
	if err := s.WriteCSV(&out); err != nil {
		t.Fatal(err)
	}
	got, err := csv.NewReader(&out).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"file", "line", "name", "caller_file", "caller_line", "caller_name", "calls", "primitive_calls", "own_seconds", "cumulative_seconds"},
		{"a.py", "1", "f", "", "", "", "3", "2", "NaN", "-Infinity"},
		{"a.py", "1", "f", "a.py", "2", "f", "3", "2", "1e-07", "1e+21"},
		{"a.py", "1", "f", "\xed\xb2\x80é\n", "0", "q\"\\,\x01", "9", "", "", ""},
		{"a.py", "2", "f", "", "", "", "1", "1", "0.1", "Infinity"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestExportsOfNothingAndOfTooMuch(t *testing.T) {
	for _, s := range []*Stats{{}, sample(3 * rowsPerBlock)} {
		var out bytes.Buffer
		if err := s.WriteJSON(&out); err != nil {
			t.Fatal(err)
		}
		var read struct {
			Functions []struct {
				File, Name string
				Callers    []json.RawMessage
			}
			Listed int `json:"functions_listed"`
		}
		if err := json.Unmarshal(out.Bytes(), &read); err != nil {
			t.Fatalf("%v in\n%.300s", err, out.String())
		}
		if len(read.Functions) != len(s.order) || read.Listed != len(s.order) {
			t.Errorf("%d functions of %d", len(read.Functions), len(s.order))
		}
		for i, f := range read.Functions {
			if row := &s.Rows[s.order[i]]; f.Name != row.Func.Name || len(f.Callers) != len(row.Callers) {
				t.Fatalf("function %d is %q with %d callers, want %q with %d", i, f.Name, len(f.Callers), row.Func.Name, len(row.Callers))
			}
		}
	}
}

func TestExportsFollowTheListing(t *testing.T) {
	s := sample(40)
	if err := s.Sort("cumtime"); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := s.WriteCSV(&out, Pattern("function_1"), Count(2)); err != nil {
		t.Fatal(err)
	}
	var table bytes.Buffer
	if err := s.Print(&table, Pattern("function_1"), Count(2)); err != nil {
		t.Fatal(err)
	}
	var names []string
	rows, _ := csv.NewReader(&out).ReadAll()
	for _, row := range rows[1:] {
		if row[4] == "" {
			names = append(names, row[0]+":"+row[1]+"("+row[2]+")")
		}
	}
	if len(names) != 2 || !strings.Contains(table.String(), names[0]+"\n") || !strings.HasSuffix(table.String(), names[1]+"\n\n\n") {
		t.Errorf("%q are not the functions of\n%s", names, table.String())
	}
}

func TestExportsRefuseABadPattern(t *testing.T) {
	for _, write := range []func(*Stats, *bytes.Buffer) error{
		func(s *Stats, w *bytes.Buffer) error { return s.WriteJSON(w, Pattern("(")) },
		func(s *Stats, w *bytes.Buffer) error { return s.WriteCSV(w, Pattern("(")) },
	} {
		var out bytes.Buffer
		if err := write(sample(3), &out); err == nil || !strings.Contains(err.Error(), `restriction '('`) || out.Len() > 0 {
			t.Errorf("error %v, output %q", err, out.String())
		}
	}
}
