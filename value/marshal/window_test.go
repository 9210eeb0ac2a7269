package marshal

import (
	"bytes"
	"strings"
	"testing"
	"testing/iotest"
)

// longDict is a dict that begins with a shared str and a shared int; n pairs of
// an int and the shared one follow.
func longDict(n int) []byte {
	var b strings.Builder
	b.WriteString("{\xfa\x05first\xe9" + le32(12345))
	for i := range n {
		b.WriteString("i" + le32(i) + "r" + le32(1))
	}
	return []byte(b.String() + "0")
}

// TestWindow: values and where they stand are the same through a window, and an
// int is still known to which a reference leads far back.
func TestWindow(t *testing.T) {
	data := longDict(500)
	for _, length := range []int{1, 100, 1 << 10, 1 << 20} {
		whole := NewDecoder(data)
		w := NewWindow(iotest.HalfReader(bytes.NewReader(data)), len(data), length)
		for {
			w.Fill()
			want := whole.Next()
			if got := w.Next(); got != want || w.Int() != whole.Int() || w.Offset() != whole.Offset() || w.Pos() != whole.Pos() {
				t.Fatalf("window of %d: %v %d at %d (%v), want %v %d at %d", length, got, w.Int(), w.Offset(), w.Err(), want, whole.Int(), whole.Offset())
			}
			if want == KindNull {
				break
			}
		}
		if room := cap(w.data); room > max(length, minWindow) {
			t.Errorf("window of %d takes %d bytes", length, room)
		}
	}
}

// TestWindowManyInts: a window grows with the ints that may be referred to.
func TestWindowManyInts(t *testing.T) {
	const n = 300
	var b strings.Builder
	b.WriteString("{")
	for i := range n {
		b.WriteString("\xe9" + le32(i))
	}
	for i := range n {
		b.WriteString("r" + le32(i))
	}
	w := NewWindow(strings.NewReader(b.String()), b.Len(), minWindow)
	w.Next()
	for i := range 2 * n {
		w.Fill()
		got, ok := int64(0), true
		if i < n || i%2 == 0 {
			ok, got = w.Next() == KindInt, w.Int()
		} else {
			got, ok = w.NextInt()
		}
		if !ok || got != int64(i%n) {
			t.Fatalf("value %d: %d, %v, %v", i, got, ok, w.Err())
		}
	}
}

// TestWindowForgets: what was left behind is an error, and never something else.
func TestWindowForgets(t *testing.T) {
	filler := strings.Repeat("N", 10*minWindow)
	for name, value := range map[string]string{
		"str": "\xfa\x01a", "float": "\xe7" + strings.Repeat("\x00", 8), "tuple": "\xa9\x01N", "long str": "\xf3" + le32(3*minWindow) + strings.Repeat("x", 3*minWindow),
		"code": "\xe3" + code311[1:], "old str": "t" + le32(1) + "a",
	} {
		reference := "r" + le32(0)
		if name == "old str" {
			reference = "R" + le32(0)
		}
		data := "{" + value + filler + reference
		w := NewWindow(strings.NewReader(data), len(data), minWindow)
		w.Next()
		for w.Pos() < len(data) && w.Err() == nil {
			w.Fill()
			if w.Next() == KindRef {
				replay := w.Replay(w.Ref())
				if kind := replay.Next(); kind != KindInvalid {
					t.Errorf("%s: read %v again", name, kind)
				}
				break
			}
		}
		if kind := w.kind; kind != KindInvalid && kind != KindRef {
			t.Errorf("%s: ends with %v", name, kind)
		}
	}
}

// TestWindowShort: a file that ends before its size, or cannot be read, is an
// error at its end.
func TestWindowShort(t *testing.T) {
	data := longDict(100)
	w := NewWindow(bytes.NewReader(data[:500]), len(data), minWindow)
	for w.Next() != KindInvalid {
		w.Fill()
	}
	if w.Pos() > 500 || w.Err() == nil {
		t.Errorf("read %d bytes of 500, then %v", w.Pos(), w.Err())
	}
	if NewWindow(iotest.ErrReader(bytes.ErrTooLarge), len(data), minWindow).Next() != KindInvalid {
		t.Error("read something from where nothing is")
	}
	if NewWindow(bytes.NewReader(data), MaxInput+1, minWindow).Next() != KindInvalid {
		t.Error("took more than MaxInput")
	}
}
