package boot_test

import (
	"regexp"
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cantil-py/cantil/internal/testpy"
)

// TestHunt runs programs that once made a difference: each must print and end as under
// plain Python, and have the calls it made in its profile.
func TestHunt(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("forks and signals of Unix")
	}
	cases := []struct {
		program string
		want    map[string]int64
	}{
		{"forks_in_threads.py", map[string]int64{"work": 2*3 + 2*2 + 1 + 15}},
		{"signals.py", map[string]int64{"work": 2}},
		{"manners.py", map[string]int64{"work": 3, "dies": 2, "shows": 2}},
		{"own_profiler.py", nil}, // TestOwnProfiler has its counts
		{"unwritable.py", nil},
		{"no_files.py", nil},
		{"modules.py", map[string]int64{"work": 8}},
		{"lifetimes.py", map[string]int64{"work": 100}},
		{"abort.py", map[string]int64{"work": 3}},
		{"killed_children.py", map[string]int64{"work": 15 + 5 + 6}},
	}
	testpy.EachOfSome(t, func(t *testing.T, py testpy.Python) {
		t.Parallel()
		for _, c := range cases {
			t.Run(c.program, func(t *testing.T) {
				t.Parallel()
				script, dir := testdata(t, "hunt/"+c.program), t.TempDir()
				native := plain(t, py, dir, nil, script)
				e := profiled(t, py, dir, nil, script)
				if e.state != native.state {
					t.Errorf("ended with %s, plain Python with %s", e.state, native.state)
				}
				want, got := withoutIdents(native), withoutIdents(e)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("output differs (-plain +profiled):\n%s", diff)
				}
				e.wantCalls(t, c.want)
				e.noneOfOurs(t)
			})
		}
	})
}

var ident = regexp.MustCompile(`0x[0-9a-f]+|\b[0-9]{9,}\b`)

// withoutIdents is the output without addresses and thread ids.
func withoutIdents(e ended) string {
	return ident.ReplaceAllString(e.stdout+e.stderr, "ID")
}

// TestOwnProfiler has a program with a cProfile of its own: from 3.12 on both have
// all calls; before, the program's takes the place of ours, and the run tells so.
func TestOwnProfiler(t *testing.T) {
	testpy.EachOfSome(t, func(t *testing.T, py testpy.Python) {
		t.Parallel()
		e := profiled(t, py, t.TempDir(), nil, testdata(t, "hunt/own_profiler.py"))
		want, warnings := int64(7), 0
		if py.Minor < 12 {
			want, warnings = 1, 1
		}
		e.wantCalls(t, map[string]int64{"work": want})
		if len(e.processes) != 1 || len(e.processes[0].Warnings) != warnings {
			t.Errorf("want %d warnings: %+v", warnings, e.processes)
		}
	})
}
