package pickle

import (
	"bytes"
	"testing"
	"time"

	"github.com/cantil-py/cantil/value"
)

// everything has a field of each kind that Unmarshal fills.
type everything struct {
	Bool    bool
	Int     int8
	Uint    uint64
	Float   float32
	Complex complex64
	Text    string
	Bytes   []byte
	Array   [2]int
	List    []everything
	Map     map[string]any
	Any     any
	Keys    map[any]int
	Pointer *everything
	Time    time.Time
	Span    time.Duration
	Value   value.Value
}

// No pickle makes Unmarshal panic or allocate without bound; what becomes Go values is
// written again, and read again, without an error.
func FuzzUnmarshal(f *testing.F) {
	seeds(f)
	f.Add([]byte("\x80\x04}(\x8c\x03Int\x94K\x01\x8c\x04Text\x94\x8c\x01x\x8c\x04List\x94]}a\x8c\x05Array(K\x01K\x02t\x8c\x03Map}\x8c\x01a\x88s\x8c\x04Keys}(K\x01K\x02uu."))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<12 {
			return
		}
		v, err := Load(data)
		if err != nil {
			return
		}
		for _, into := range []any{new(any), new(everything), new([]any), new(map[any]any), new([]int), new(string), new([][]float64)} {
			filler := filler{left: 1 << 16} // Fill with a bound for a test
			if err := filler.top(into, v); err != nil {
				continue
			}
			out, err := Marshal(into)
			if err != nil {
				continue // what Go allows as a key, and Python does not
			}
			if _, err := Load(out); err != nil {
				t.Fatalf("%T of %q became %q: %v", into, data, out, err)
			}
			if bytes.Equal(out, nil) {
				t.Fatal("nothing was written")
			}
		}
	})
}
