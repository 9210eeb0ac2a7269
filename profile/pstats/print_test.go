package pstats

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func printed(t *testing.T, s *Stats, restrictions ...Restriction) string {
	t.Helper()
	var out bytes.Buffer
	if err := s.Print(&out, restrictions...); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestPrintUnusual holds what files of real programs seldom have; the expected
// text is what CPython 3.13 prints for the same figures.
func TestPrintUnusual(t *testing.T) {
	s := odd()
	s.Sources = nil
	s.Rows[1].Calls, s.Rows[1].Primitive, s.Rows[1].Own = 0, 0, -0.0001
	want := `         4 function calls (3 primitive calls) in 0.500 seconds

   Random listing order was used

   ncalls  tottime  percall  cumtime  percall filename:lineno(function)
      3/2      nan      nan     -inf     -inf a.py:1(f)
        0   -0.000               inf          a.py:2(f)


`
	if diff := cmp.Diff(want, printed(t, s)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestSourcesWithoutTime(t *testing.T) {
	s := &Stats{Sources: []Source{{Path: "<stdin>"}}}
	if want := "<stdin>\n\n         0 function calls in 0.000 seconds\n\n"; printed(t, s) != want {
		t.Errorf("%q, want %q", printed(t, s), want)
	}
}

func TestCtime(t *testing.T) {
	for want, at := range map[string]time.Time{
		"Sun Nov  1 23:59:59 2026":  time.Date(2026, 11, 1, 23, 59, 59, 999_999_000, time.Local),
		"Mon Nov  2 00:00:00 2026":  time.Date(2026, 11, 1, 23, 59, 59, 999_999_999, time.Local), // as a float it is the next second
		"Fri Jan  1 00:00:00 10000": time.Date(9999, 12, 31, 24, 0, 0, 0, time.Local),
	} {
		if got := ctime(at); !strings.HasSuffix(got, want[4:]) {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestSampled: samples are never called calls.
func TestSampled(t *testing.T) {
	s := &Stats{
		Sampled: true,
		Rows: []Row{
			{Func: Func{"a.py", 1, "main"}, Listed: true, Counts: Counts{200, 10, 0.01, 0.2}},
			{Func: Func{"a.py", 5, "work"}, Listed: true, Counts: Counts{190, 190, 0.19, 0.19},
				Callers: []Edge{{Caller: 0, CountOnly: true, Counts: Counts{Calls: 190}}}},
		},
		order: []FuncID{0, 1}, TotalCalls: 390, PrimitiveCalls: 200, TotalTime: 0.2,
	}
	if err := s.Sort("pcalls", "calls"); err != nil {
		t.Fatal(err)
	}
	want := `         200 samples in 0.200 seconds

   Ordered by: direct samples, cumulative samples

       nsamples  sample%   tottime   cumul%   cumtime  filename:lineno(function)
        190/190     95.0     0.190     95.0     0.190  a.py:5(work)
         10/200      5.0     0.010    100.0     0.200  a.py:1(main)


`
	if diff := cmp.Diff(want, printed(t, s)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if err := s.Add(sample(3)); !errors.Is(err, errSampled) {
		t.Errorf("adding an exact profile: %v", err)
	}
	var out bytes.Buffer
	if err := s.WriteCSV(&out); err != nil || !strings.Contains(out.String(), ",samples,direct_samples,") {
		t.Errorf("error %v, CSV\n%s", err, out.String())
	}
}

// failing fails after so many bytes.
type failing struct{ left int }

func (f *failing) Write(p []byte) (int, error) {
	if f.left -= len(p); f.left < 0 {
		return 0, io.ErrShortWrite
	}
	return len(p), nil
}

func TestWriteErrors(t *testing.T) {
	s := sample(5 * rowsPerBlock)
	for _, view := range []func(*Stats, io.Writer, ...Restriction) error{
		(*Stats).Print, (*Stats).PrintCallers, (*Stats).PrintCallees, (*Stats).WriteJSON, (*Stats).WriteCSV,
	} {
		for _, left := range []int{0, 300, 100_000} {
			if err := view(s, &failing{left}); !errors.Is(err, io.ErrShortWrite) {
				t.Errorf("writing failed after %d bytes, but the error is %v", left, err)
			}
		}
	}
}

// TestEmitOrder: blocks of very different sizes come out in order, also where one spills.
func TestEmitOrder(t *testing.T) {
	var out, want bytes.Buffer
	line := func(row int) string {
		if row%(3*rowsPerBlock) == 0 {
			return strings.Repeat("x", 2*spillAt) + "\n"
		}
		return strings.Repeat("y", row%7) + "\n"
	}
	n := 20*rowsPerBlock + 3
	err := emit(&out, n, func(k *sink, row int) error {
		k.buf = append(k.buf, line(row)...)
		return nil
	})
	for row := range n {
		want.WriteString(line(row))
	}
	if err != nil || !bytes.Equal(out.Bytes(), want.Bytes()) {
		t.Errorf("error %v, %d bytes instead of %d", err, out.Len(), want.Len())
	}
}

func TestEmitStopsAtError(t *testing.T) {
	stop := errors.New("stop")
	at := 7*rowsPerBlock + 5
	var out bytes.Buffer
	err := emit(&out, 20*rowsPerBlock, func(k *sink, row int) error {
		if row == at {
			k.buf = append(k.buf, "end"...)
			return stop
		}
		k.buf = append(k.buf, '.')
		return nil
	})
	if want := strings.Repeat(".", at) + "end"; !errors.Is(err, stop) || out.String() != want {
		t.Errorf("error %v after %d bytes, want %d", err, out.Len(), len(want))
	}
}
