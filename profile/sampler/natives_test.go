package sampler

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/cantil-py/cantil/internal/testpy"
)

// TestNatives: threads that wait in C functions begin with the names of those, where the
// code tells them.
func TestNatives(t *testing.T) {
	atOnce(t, func(t *testing.T, py testpy.Python) {
		p, line := start(t, py, "natives.py")
		var wanted map[string]string
		if err := json.Unmarshal([]byte(line), &wanted); err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		look(t, p.pid(), Options{Native: true}, func(x *Sample) bool {
			if x.State != Idle {
				return false // on its way
			}
			leaf := ""
			if x.Frames[0].Func.Native {
				leaf = x.Frames[0].Func.Name
			}
			for name := range wanted {
				if has(x, name) {
					got[name] = leaf
				}
			}
			return len(got) == len(wanted)
		})
		for name, want := range wanted {
			sure, open := strings.CutSuffix(want, "?")
			if got[name] != sure && !(open && got[name] == "") {
				t.Errorf("%s waits in %q, want %q", name, got[name], want)
			}
		}
	})
}
