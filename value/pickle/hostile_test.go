package pickle

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/cantil-py/cantil/internal/testpy"
	"github.com/cantil-py/cantil/value"
)

// fixed is what a decoder allocates whatever its input: a window, and the first pieces
// of what is cut from large ones.
const fixed = 256 << 10

// decodeAll reads values until an error, from memory and from a stream.
func decodeAll(data []byte) {
	for _, d := range []*Decoder{NewDecoderBytes(data), NewDecoder(bytes.NewReader(data))} {
		d.Watch = func(Event) {}
		for {
			v, err := d.Value()
			if err != nil {
				break
			}
			value.Printer{Limit: 1000}.Repr(v)
		}
	}
}

// Lengths that promise much and hold little cost an error and little memory.
func TestHostileLengths(t *testing.T) {
	long := "\xff\xff\xff\xff\xff\xff\xff\x7f"
	for name, data := range map[string]string{
		"BINUNICODE":    "X\xff\xff\xff\xffabc",
		"BINUNICODE8":   "\x8d" + long + "abc",
		"BINBYTES":      "B\xff\xff\xff\xffabc",
		"BINBYTES8":     "\x8e" + long + "abc",
		"BYTEARRAY8":    "\x96" + long + "abc",
		"LONG4":         "\x8b\xff\xff\xff\x7fabc",
		"FRAME":         "\x95" + long + "abc",
		"BINSTRING":     "T\xff\xff\xff\x7fabc",
		"huge unsigned": "\x8e\xff\xff\xff\xff\xff\xff\xff\xffabc",
		"LONG":          "L" + strings.Repeat("9", 1_000_000) + "L\n.",
		"LONG_BINPUT":   "Nr\xff\xff\xff\xff.",
		"PUT":           "Np4294967295\n.",
		"SETITEMS odd":  "}(K\x01u.",
		"MARK":          strings.Repeat("(", 100),
		"no line feed":  "S'" + strings.Repeat("x", 100_000),
	} {
		for _, stream := range []bool{false, true} {
			var err error
			got := testpy.Allocated(func() {
				d := NewDecoderBytes([]byte(data))
				if stream {
					d = NewDecoder(strings.NewReader(data))
				}
				_, err = d.Value()
			})
			if limit := uint64(MaxGrowth*len(data) + fixed + firstPiece); got > limit {
				t.Errorf("%s: %d bytes allocated for %d, at most %d are allowed", name, got, len(data), limit)
			}
			if !strings.HasSuffix(data, ".") && err == nil {
				t.Errorf("%s: no error", name)
			}
		}
	}
}

// The opcodes that make most of least, many of them.
func TestGrowth(t *testing.T) {
	for _, unit := range []string{"}", "]", "}\x94", "\x8f\x94", "N\x85", "K\xff", "M\xff\xff", "2", "(", "\x8c\x01x", "h\x00", "C\x00", "}(K\x01Nu", "\x8f(K\x01\x90", "\x97", "\x82\x01"} {
		data := []byte("N\x94" + strings.Repeat(unit, 200_000/len(unit)) + ".")
		got := testpy.Allocated(func() { NewDecoderBytes(data).Value() })
		if limit := uint64(MaxGrowth*len(data) + fixed); got > limit {
			t.Errorf("%q: %d times the input, at most %d are allowed", unit, got/uint64(len(data)), MaxGrowth)
		}
	}
}

func TestMaxOpcodes(t *testing.T) {
	for most, want := range map[int]bool{6: true, 5: false, 0: true} {
		d := NewDecoderBytes([]byte("N0N0N."))
		d.MaxOpcodes = most
		if _, err := d.Value(); (err == nil) != want {
			t.Errorf("at most %d opcodes: %v", most, err)
		}
	}
}

// An array may have very many rows with nothing in them.
func TestRowsOfNothing(t *testing.T) {
	empty := &value.Array{DType: &value.DType{Text: "<f8", Size: 8}, Shape: []int{1 << 24, 0}}
	for _, into := range []any{new(any), new([][]float64), new([1 << 10][0]int)} {
		f := filler{left: 1 << 16}
		if err := f.top(into, empty); err == nil {
			if _, isAny := into.(*any); !isAny { // which takes the array as it is
				t.Errorf("%T took millions of rows", into)
			}
		}
	}
}

// Values deeper than any stack end in dots or in an error.
func TestDepth(t *testing.T) {
	const n = 2_000_000
	v, err := Load([]byte("N" + strings.Repeat("\x85", n) + "."))
	if err != nil {
		t.Fatal(err)
	}
	if text := v.String(); !strings.Contains(text, "...") {
		t.Error("two million tuples were printed to the last")
	}
	if err := NewEncoder(io.Discard).Value(v); err == nil {
		t.Error("two million tuples within each other were encoded")
	}
	var x any
	if err := Fill(&x, v); err == nil {
		t.Error("two million tuples within each other became Go slices")
	}
	if err := (value.Pretty{}).Write(io.Discard, v); err != nil {
		t.Error(err)
	}
	if err := value.WriteJSON(io.Discard, v); err != nil {
		t.Error(err)
	}
	if d, err := value.NewDict(value.Pair{Key: v, Value: v}); err != nil || d.Len() != 1 {
		t.Errorf("as a key: %v", err)
	}
}

// Keys that share a hash on purpose do not cost the square of their number.
func TestKeysOfOneHash(t *testing.T) {
	prefix := &value.Tuple{Items: make([]value.Value, 1000)}
	d := new(value.Dict)
	for i := range 20_000 {
		if err := d.Set(value.NewTuple(prefix, value.Int(i)), value.None); err != nil {
			t.Fatal(err)
		}
	}
	if d.Len() != 20_000 {
		t.Errorf("%d keys", d.Len())
	}
}

func TestErrorsSayWhere(t *testing.T) {
	for data, want := range map[string]string{
		"\x80\x04N\xff":      "pickle: at byte 3: 0xff is no opcode",
		"\x80\x04h\x07.":     "pickle: BINGET at byte 2: nothing was stored under the number 7",
		"\x80\x06.":          "pickle: PROTO at byte 0: protocol 6 is not known; the highest is 5",
		"a":                  "pickle: APPEND at byte 0: the stack holds too few values",
		"]t":                 "pickle: TUPLE at byte 1: there is no mark on the stack",
		"}(]Nu":              "pickle: SETITEMS at byte 4: unhashable type: 'list'",
		"X\x02\x00\x00\x00a": "pickle: BINUNICODE at byte 0: unexpected EOF",
		"\x95\x02\x00\x00\x00\x00\x00\x00\x00K\x01.": "",
		"\x95\x01\x00\x00\x00\x00\x00\x00\x00K\x01.": "pickle: BININT1 at byte 9: an opcode or its argument crosses the end of its frame",
	} {
		_, err := Load([]byte(data))
		if got := errorText(err); got != want {
			t.Errorf("%q: %q, want %q", data, got, want)
		}
		_, err = NewDecoder(iotestOneByte{strings.NewReader(data)}).Value()
		if got := errorText(err); got != want {
			t.Errorf("%q as a stream: %q, want %q", data, got, want)
		}
	}
	var syntax *SyntaxError
	if _, err := Load([]byte("a")); !errors.As(err, &syntax) || syntax.Op != "APPEND" {
		t.Errorf("%v", err)
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func seeds(f *testing.F) {
	for _, s := range oddPickles() {
		f.Add([]byte(s))
	}
	f.Add([]byte("\x80\x05\x95\x10\x00\x00\x00\x00\x00\x00\x00]\x94(K\x01\x8c\x01a\x94h\x00\x97e."))
	f.Add([]byte("ccopy_reg\n_reconstructor\np0\n(cuuid\nUUID\np1\nc__builtin__\nobject\np2\nNtp3\nRp4\n(dp5\nVint\np6\nI5\nsb."))
	f.Add([]byte("\x80\x02cnumpy\ndtype\nX\x02\x00\x00\x00f8\x89\x88\x87R(K\x03X\x01\x00\x00\x00<NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb."))
	f.Add([]byte("cdatetime\ndatetime\n(C\x0a\x07\xe4\x01\x02\x00\x00\x00\x00\x00\x00tR."))
}

// What only its class could have changed, which is printed with a "<", has in the data a
// reference to what it was before; that is the same in Python, but not here.
//
// No input panics or allocates more than it may; what is decoded and encoded is, decoded
// again, the same.
func FuzzDecode(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<16 {
			return
		}
		var v value.Value
		var err error
		if got := testpy.Allocated(func() { v, err = Load(data) }); got > uint64(MaxGrowth*len(data)+fixed) {
			t.Errorf("%d bytes allocated for %d", got, len(data))
		}
		decodeAll(data)
		if err != nil {
			return
		}
		const limit = 10_000
		text := value.Printer{Limit: limit}.Repr(v)
		for protocol := 2; protocol <= HighestProtocol; protocol++ {
			var out bytes.Buffer
			e := NewEncoder(&out)
			e.Protocol, e.Objects = protocol, true
			if e.Value(v) != nil {
				continue // what only another protocol has
			}
			back, err := Load(out.Bytes())
			if err != nil {
				t.Fatalf("%s encoded by protocol %d is %q: %v", text, protocol, out.Bytes(), err)
			}
			if again := (value.Printer{Limit: limit}).Repr(back); again != text && protocol >= 4 && !strings.Contains(text, "<") {
				t.Fatalf("%s became %s by protocol %d: %q", text, again, protocol, out.Bytes())
			}
		}
	})
}

// No input makes the disassembler panic.
func FuzzDis(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		var out bytes.Buffer
		if err := Dis(&out, bytes.NewReader(data), DisOptions{Annotate: 30}); err == nil && !strings.Contains(out.String(), "highest protocol") {
			t.Errorf("no end: %q", out.String())
		}
	})
}
