package marshal

import (
	"bytes"
	"testing"

	"github.com/cantil-py/cantil/internal/testpy"
)

// FuzzDecoder: no input makes the decoder panic, allocate much, or disagree with
// itself; what it reads can be written and read again.
func FuzzDecoder(f *testing.F) {
	for _, h := range hostile {
		if len(h.data) < 1<<12 {
			f.Add([]byte(h.data))
		}
	}
	for _, v := range fixedValues() {
		if data, err := Marshal(v); err == nil {
			f.Add(data)
		}
	}
	for _, code := range []string{code27, code36, code38, code311} {
		f.Add([]byte(code))
		f.Add([]byte(")\x02" + code + "r" + le32(0)))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var v Value
		var err error
		if got, limit := testpy.Allocated(func() { v, err = Unmarshal(data) }), uint64(16*len(data)+4<<20); got > limit {
			t.Errorf("allocates %d bytes for %d", got, len(data))
		}
		checkWindow(t, data)
		d := NewDecoder(data)
		d.Next()
		skipErr := d.Skip()
		if err == nil && skipErr != nil {
			t.Errorf("read, but not skipped: %v", skipErr)
		}
		if err != nil {
			return
		}
		checkRoundTrip(t, v)
	})
}

// checkWindow compares values read through a small window with those read without
// one, as long as there are some: the window may end them sooner.
func checkWindow(t *testing.T, data []byte) {
	whole, w := NewDecoder(data), NewWindow(bytes.NewReader(data), len(data), minWindow)
	for {
		w.Fill()
		got := w.Next()
		if got == KindInvalid {
			return
		}
		want := whole.Next()
		if got != want || w.Offset() != whole.Offset() || w.Pos() != whole.Pos() || w.Ref() != whole.Ref() {
			t.Fatalf("through a window: %v at %d, want %v at %d", got, w.Offset(), want, whole.Offset())
		}
		sameInt := got != KindInt && got != KindBool || w.Int() == whole.Int()
		sameText := got != KindString && got != KindBytes || w.Text() == whole.Text() && w.TextOfBytes() == whole.TextOfBytes()
		if !sameInt || !sameText {
			t.Fatalf("through a window: %v %d %q at %d, want %d %q", got, w.Int(), w.Text(), w.Offset(), whole.Int(), whole.Text())
		}
	}
}

func checkRoundTrip(t *testing.T, v Value) {
	out, err := Marshal(v)
	if err != nil {
		return // a code object, or deeper than can be written
	}
	back, err := Unmarshal(out)
	if err != nil {
		t.Fatalf("written, but not read: %v\n%x", err, out)
	}
	if got, want := canonUpTo(back, 1<<10), canonUpTo(v, 1<<10); got != want {
		t.Errorf("wrote\n%.300s, read\n%.300s", want, got)
	}
}
