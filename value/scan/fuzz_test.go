package scan

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"strings"
	"testing"

	"github.com/cantil-py/cantil/internal/testpy"
	"github.com/cantil-py/cantil/value/pickle"
)

// fixedCost is what a scan allocates whatever it reads: windows, tables of decompressors.
const fixedCost = 4 << 20

// inflatedMost is how much a file of these tests may become: deflate makes a thousandth
// of a run of zeros, and an archive may lie within another.
const inflatedMost = 1 << 20

// No file makes the scanner panic, or allocate more than a decoder may for what the file
// holds when it is decompressed; what is clean, a decoder reads to its end.
func FuzzContent(f *testing.F) {
	bad := "cos\nsystem\n(S'ls'\ntR."
	f.Add([]byte(bad))
	f.Add([]byte("\x80\x04](K\x01\x88e."))
	f.Add([]byte("\x80\x02cbuiltins\ngetattr\ncthing\nOuter\nX\x05\x00\x00\x00Inner\x86R)\x81."))
	f.Add([]byte(reconstruct + "(K\x01K\x01\x85" + dtypeO(63) + "\x89](Neatb."))
	f.Add([]byte("\x93NUMPY\x01\x00\x3c\x00{'descr': '|O', 'fortran_order': False, 'shape': (1,), }   \n" + bad))
	var zipped, gzipped bytes.Buffer
	z := zip.NewWriter(&zipped)
	for _, name := range []string{"a.pkl", "data/0", "b.npy"} {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(bad))
		}
		if err != nil {
			f.Fatal(err)
		}
	}
	g := gzip.NewWriter(&gzipped)
	if _, err := g.Write([]byte(bad)); err != nil {
		f.Fatal(err)
	}
	if z.Close() != nil || g.Close() != nil {
		f.Fatal("the seeds cannot be compressed")
	}
	f.Add(zipped.Bytes())
	f.Add(gzipped.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<14 {
			return
		}
		r := &Report{}
		s := &stream{opts: Options{}, report: r}
		var err error
		got := testpy.Allocated(func() { err = s.content(bytes.NewReader(data), int64(len(data)), 0) })
		if err != nil {
			t.Fatalf("what is in memory cannot be read: %v", err)
		}
		if most := uint64(pickle.MaxGrowth*inflatedMost + fixedCost); got > most {
			t.Errorf("%d bytes allocated for %d", got, len(data))
		}
		for _, f := range r.Findings {
			if f.Verdict > r.Verdict || strings.Contains(f.String(), "%!") {
				t.Errorf("%s in a file that is %s", f, r.Verdict)
			}
		}
	})
}
