package sampler

import (
	"context"
	"testing"
	"time"

	"github.com/cantil-py/cantil/internal/testpy"
)

// TestPassingCode: code that was freed is not taken for that which lies at its place now.
func TestPassingCode(t *testing.T) {
	testpy.Each(t, func(t *testing.T, py testpy.Python) {
		t.Parallel()
		p, _ := start(t, py, "passing.py")
		s, err := Open(p.pid(), Options{Rate: 2000})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		callers := map[string]string{"<one>": "one", "<two>": "two"}
		seen, wrong := map[string]int{}, 0
		err = s.Run(ctx, func(sample *Sample) error {
			if sample.Time > 400*time.Millisecond && len(seen) == 2 { // longer on a busy machine
				cancel()
			}
			for i, f := range sample.Frames {
				if want, ours := callers[f.Func.File]; ours {
					seen[f.Func.File]++
					if i+1 == len(sample.Frames) || sample.Frames[i+1].Func.Name != want {
						wrong++
					}
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("samples of each: %v", seen)
		if len(seen) < 2 {
			t.Errorf("only %v were seen", seen)
		}
		if wrong > 0 {
			t.Errorf("%d of %d samples have code that was freed before", wrong, seen["<one>"]+seen["<two>"])
		}
	})
}
