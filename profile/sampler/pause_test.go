package sampler

import (
	"os"
	"testing"
	"time"

	"github.com/cantil-py/cantil/internal/testpy"
)

// TestNoImpossibleStacksPaused: a process that stands still has no impossible stacks,
// of functions or lines, in any version, and none is dropped. CANTIL_SLOW=all takes a
// million samples.
func TestNoImpossibleStacksPaused(t *testing.T) {
	d, pythons := 200*time.Millisecond, testpy.Some(t)
	switch os.Getenv("CANTIL_SLOW") {
	case "1":
		d = 500 * time.Millisecond
	case "all":
		pythons = testpy.All(t)
		d = 7 * time.Second // a million samples in all, where the machine is not busy
	}
	var all int64
	defer func() { t.Logf("%d samples in all", all) }()
	for _, py := range pythons {
		for _, args := range [][]string{{"1", "0", "plain"}, {"3", "5", "mixed"}} {
			t.Run("py"+py.Version+"/"+args[2]+args[1], func(t *testing.T) {
				v := judge(t, py, Options{Rate: FlatOut, Pause: true}, d, args...)
				t.Log(v)
				all += v.samples
				if v.samples < fewest || v.functionEdges > 0 || v.lineEdges > 0 || v.short > 0 || v.counts.Rejects > 0 {
					t.Errorf("%s\n%s", v, v.example)
				}
			})
		}
	}
}
