package marshal

import (
	"encoding/binary"
	"errors"
	"strings"
	"testing"

	"github.com/cantil-py/cantil/internal/testpy"
)

func le32(n int) string {
	return string(binary.LittleEndian.AppendUint32(nil, uint32(n)))
}

// hostile is input that must cost an error and nothing else, with the byte that
// the error must name.
var hostile = []struct {
	name, data string
	offset     int
	want       string
}{
	{"nothing", "", 0, "the end of the data"},
	{"unknown code", "\x01", 0, `type code 0x01`},
	{"lone end of dict", "0", 0, "the end of a dict"},
	{"cut int", "i\x01\x02", 1, "the end of the data after 2 of 4 bytes"},
	{"cut float", "g1234567", 1, "the end of the data after 7 of 8 bytes"},
	{"cut complex", "y" + strings.Repeat("1", 15), 1, "after 15 of 16 bytes"},
	{"cut text float", "f\x051.5", 1, "the end of the data"},
	{"no text float", "f\x031x5", 1, `"1x5"`},
	{"hexadecimal text float", "f\x050x1p3", 1, `"0x1p3"`},
	{"huge string", "s" + le32(1<<30), 0, "a string of 1073741824 bytes with 0 bytes left"},
	{"negative string", "u" + le32(-1), 1, "-1"},
	{"string not UTF-8", "u" + le32(2) + "\xff\xfe", 0, "other bytes"},
	{"half a surrogate", "u" + le32(2) + "\xed\xa0", 0, "other bytes"},
	{"short string cut", "z\x05abc", 0, "a string of 5 bytes with 3 bytes left"},
	{"huge tuple", "(" + le32(1<<31-1), 0, "a tuple of 2147483647 with 0 bytes left"},
	{"huge list in a list", "[" + le32(1) + "[" + le32(1<<20), 5, "a list of 1048576 with 0 bytes left"},
	{"negative list", "[" + le32(-5), 1, "-5"},
	{"small tuple cut", ")\x03NN", 0, "a tuple of 3 with 2 bytes left"},
	{"dict without end", "{NN", 3, "the end of the data"},
	{"dict without last value", "{N0", 2, "the end of a dict"},
	{"end of dict in a tuple", ")\x010", 2, "the end of a dict"},
	{"huge int", "l" + le32(1<<30), 0, "1073741824"},
	{"most negative int length", "l" + le32(-1<<31), 0, "expected an int of at most"},
	{"int cut", "l" + le32(3) + "\x01\x00", 0, "an int of 6 bytes with 2 bytes left"},
	{"int with large digits", "l" + le32(1) + "\xff\xff", 0, "one of 16"},
	{"int with leading zeros", "l" + le32(2) + "\x01\x00\x00\x00", 0, "one with"},
	{"reference to nothing", "r" + le32(0), 0, "a reference to one of 0 values, found 0"},
	{"reference to later", ")\x02r" + le32(0) + "\xfa\x01a", 2, "a reference to one of 0 values"},
	{"negative reference", "r" + le32(-1), 0, "found -1"},
	{"string reference to nothing", "R" + le32(0), 0, "a reference to one of 0 strings"},
	{"slice inside itself", "\xbar" + le32(0) + "NN", 1, "a slice inside itself"},
	{"code cut", "c" + strings.Repeat("\x00", 30), 25, "type code 0x00"},
	{"code inside itself", "\xe3" + strings.Repeat("\x00", 20) + "s" + le32(0) + ")\x01r" + le32(0), 28, "a code object inside itself"},
	{"too deep tuples", strings.Repeat(")\x01", 3000) + "N", 2 * MaxDepth, "at most 2000 values within each other"},
	{"too deep dicts", strings.Repeat("{N", 3000), 2*MaxDepth - 1, "at most 2000"},
	{"too deep code", strings.Repeat("c"+strings.Repeat("\x00", 20)+"s"+le32(0)+")\x01", 3000), -1, "at most 2000"},
	{"many small tuples", "[" + le32(1<<20) + strings.Repeat(")\x01N", 1<<20), -1, "at most 16 times"},
}

func TestHostile(t *testing.T) {
	for _, h := range hostile {
		t.Run(h.name, func(t *testing.T) {
			_, err := Unmarshal([]byte(h.data))
			var fault *Error
			if !errors.As(err, &fault) {
				t.Fatalf("error is %v", err)
			}
			if h.offset >= 0 && fault.Offset != h.offset {
				t.Errorf("byte %d, want %d: %v", fault.Offset, h.offset, err)
			}
			if !strings.Contains(err.Error(), h.want) {
				t.Errorf("%q does not say %q", err, h.want)
			}
			if strings.Contains(err.Error(), "\n") || len(err.Error()) > 300 {
				t.Errorf("not one short line: %q", err)
			}
		})
	}
}

// bombs are small data that would grow large in a careless reader.
func bombs() map[string]string {
	const n = 1 << 16
	long := "\xec" + le32(n) + strings.Repeat("\x01\x00", n)
	latin := "\xf3" + le32(n) + strings.Repeat("\xe9", n)
	text := "\xe1" + le32(n) + strings.Repeat("\xe9", n)
	doubling := "\xdb" + le32(1) + "N"
	for i := range 200 {
		doubling = "\xdb" + le32(2) + doubling + "r" + le32(200-i)
	}
	return map[string]string{
		"references to a large int":     "[" + le32(n+1) + long + strings.Repeat("r"+le32(0), n),
		"references to large bytes":     "[" + le32(n+1) + latin + strings.Repeat("r"+le32(0), n),
		"references to text to convert": "[" + le32(n+1) + text + strings.Repeat("r"+le32(0), n),
		"lists that double":             doubling,
		"a list of None":                "[" + le32(n) + strings.Repeat("N", n),
		"flagged empty strings":         "[" + le32(n) + strings.Repeat("\xfa\x00", n),
		"flagged empty tuples":          "[" + le32(n) + strings.Repeat("\xa9\x00", n),
		"empty dicts":                   "[" + le32(n) + strings.Repeat("{0", n),
		"dict of None":                  "{" + strings.Repeat("NN", n) + "0",
		"code objects that never fit":   strings.Repeat("c"+strings.Repeat("\x00", 20)+"s"+le32(0)+")\x01", 1500),
	}
}

// TestMemory: no input makes the decoder allocate more than 16 times its size,
// beyond a fixed MiB.
func TestMemory(t *testing.T) {
	for name, data := range bombs() {
		input := []byte(data)
		limit := uint64(16*len(input) + 2<<20)
		if got := testpy.Allocated(func() { _, _ = Unmarshal(input) }); got > limit {
			t.Errorf("%s: Unmarshal allocates %d bytes for %d", name, got, len(input))
		}
		skip := func() {
			d := NewDecoder(input)
			d.Next()
			_ = d.Skip()
		}
		if got := testpy.Allocated(skip); got > limit {
			t.Errorf("%s: Skip allocates %d bytes for %d", name, got, len(input))
		}
	}
}

// TestMarshalRefuses what the format cannot hold.
func TestMarshalRefuses(t *testing.T) {
	deep := Value(nil)
	for range MaxDepth + 1 {
		deep = Tuple{deep}
	}
	for want, v := range map[string]Value{
		"no marshalled form":      struct{}{},
		"a *marshal.Code has no":  &Code{},
		"not UTF-8":               "\xff",
		"within each other":       deep,
		"no singleton is called":  Singleton("x"),
		"a marshal.Kind has no m": KindInt,
	} {
		if _, err := Marshal(v); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

// TestSelf: a list that contains itself survives.
func TestSelf(t *testing.T) {
	l := &List{}
	l.Items = []Value{"a", l, Tuple{l}}
	data, err := Marshal(l)
	if err != nil {
		t.Fatal(err)
	}
	v, err := Unmarshal(data)
	if err != nil {
		t.Fatal(err)
	}
	back := v.(*List)
	if back.Items[1] != Value(back) || back.Items[2].(Tuple)[0] != Value(back) {
		t.Errorf("read %v", data)
	}
}

// TestPython2: what only Python 2 wrote.
func TestPython2(t *testing.T) {
	data := "(" + le32(5) + "t" + le32(2) + "ab" + "R" + le32(0) + "t" + le32(1) + "\xe9" + "I\x01\x00\x00\x00\x01\x00\x00\x00" + "f\x031.5"
	v, err := Unmarshal([]byte(data))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := canon(v), canon(Tuple{"ab", "ab", "é", int64(1<<32 + 1), 1.5}); got != want {
		t.Errorf("read %s, want %s", got, want)
	}
	d := NewDecoder([]byte("s" + le32(3) + "\xe9t\xe9"))
	if d.Next() != KindBytes || d.TextOfBytes() != "été" {
		t.Errorf("Latin-1 str is %q", d.TextOfBytes())
	}
	d = NewDecoder([]byte("s" + le32(2) + "é"))
	if d.Next() != KindBytes || d.TextOfBytes() != "é" {
		t.Errorf("UTF-8 str is %q", d.TextOfBytes())
	}
}

// TestReplay: a container can be read again through its number, and one that is
// still open only as far as it has been read.
func TestReplay(t *testing.T) {
	data := "[" + le32(3) + "\xa9\x02\xfa\x01ai" + le32(7) + "r" + le32(0) + "r" + le32(1)
	d := NewDecoder([]byte(data))
	d.Next()
	d.Next()
	if err := d.Skip(); err != nil {
		t.Fatal(err)
	}
	if d.Next() != KindRef || d.Ref() != 0 {
		t.Fatalf("no reference: %v", d.Expected("one"))
	}
	again := d.Replay(d.Ref())
	if again.Next() != KindTuple || again.Len() != 2 || again.Next() != KindString || again.Text() != "a" || again.Ref() != 1 {
		t.Errorf("replayed otherwise: %v", again.Expected("the tuple"))
	}
	if n, ok := d.NextRef(); !ok || n != 1 {
		t.Errorf("number %d, %v", n, ok)
	}
	if again = d.Replay(99); again.Next() != KindInvalid || again.Err() == nil {
		t.Error("replayed number 99 of 2")
	}
	open := NewDecoder([]byte("\xdb" + le32(2) + "r" + le32(0) + "\xfa\x01a"))
	open.Next()
	open.Next()
	again = open.Replay(0)
	if again.Next(); again.Next() != KindRef || again.Next() != KindInvalid {
		t.Error("read further in a replay than was read before")
	}
}
