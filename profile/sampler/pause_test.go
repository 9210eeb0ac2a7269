package sampler

import (
	"os"
	"testing"
	"time"

	"github.com/cantil-py/cantil/internal/testpy"
)

// TestNoImpossibleStacksPaused: a process that stands still has no impossible stacks,
// of functions or lines, in any version, and none is dropped.
func TestNoImpossibleStacksPaused(t *testing.T) {
	d := 200 * time.Millisecond
	if os.Getenv("CANTIL_SLOW") == "1" {
		d = 500 * time.Millisecond
	}
	for _, py := range testpy.Some(t) {
		for _, args := range [][]string{{"1", "0", "plain"}, {"3", "5", "mixed"}} {
			t.Run("py"+py.Version+"/"+args[2]+args[1], func(t *testing.T) {
				v := judge(t, py, Options{Rate: FlatOut, Pause: true}, d, args...)
				t.Log(v)
				if v.samples < 5 || v.functionEdges > 0 || v.lineEdges > 0 || v.short > 0 || v.counts.Rejects > 0 {
					t.Errorf("%s\n%s", v, v.example)
				}
			})
		}
	}
}
