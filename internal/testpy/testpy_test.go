package testpy_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cantil-py/cantil/internal/testpy"
)

func TestEachPythonIsWhatItSays(t *testing.T) {
	testpy.Each(t, func(t *testing.T, py testpy.Python) {
		got := testpy.Run(t, py, "import sys; print('%d.%d.%d' % sys.version_info[:3], *sys.argv[1:])", "a", "b c")
		if want := py.Version + " a b c"; strings.TrimSpace(got) != want {
			t.Errorf("got %q, want %q", got, want)
		}
		if !strings.HasPrefix(py.Version, fmt.Sprintf("3.%d.", py.Minor)) {
			t.Errorf("minor %d of version %s", py.Minor, py.Version)
		}
	})
}

func TestAllHasOneOfEachMinorOldestFirst(t *testing.T) {
	last := 0
	for _, py := range testpy.All(t) {
		if py.Minor <= last {
			t.Errorf("3.%d comes after 3.%d", py.Minor, last)
		}
		last = py.Minor
	}
	if newest := testpy.Newest(t); newest.Minor != last {
		t.Errorf("newest is 3.%d, want 3.%d", newest.Minor, last)
	}
}
