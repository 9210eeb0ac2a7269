package pstats

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/cantil-py/cantil/benchmarks/bigprof"
	"github.com/cantil-py/cantil/value/marshal"
)

func le32(n int) string { return string(binary.LittleEndian.AppendUint32(nil, uint32(n))) }

// Pieces of files: a key, figures without callers, and no callers.
const (
	pieceKey     = ")\x03z\x04a.pyi\x07\x00\x00\x00z\x01f"
	pieceNumbers = "i\x02\x00\x00\x00i\x03\x00\x00\x00i\x00\x00\x00\x00g\x00\x00\x00\x00\x00\x00\xf0\x3f"
	pieceRow     = ")\x05" + pieceNumbers
	pieceEdge    = ")\x04" + pieceNumbers
)

// TestReadRefuses: a damaged or foreign file is one line that says where and what.
func TestReadRefuses(t *testing.T) {
	for _, c := range []struct{ name, data, want string }{
		{"empty file", "", "byte 0: expected a dict of functions, as cProfile writes one, found the end of the data"},
		{"text", "hello", "byte 0: expected a dict of functions, as cProfile writes one, found type code 0x68 ('h')"},
		{"zip", "PK\x03\x04", "byte 0: expected a dict of functions, as cProfile writes one, found type code 0x50 ('P')"},
		{"pickle", "\x80\x04\x95", "found type code 0x00"},
		{"another value", "[" + le32(0), "byte 0: expected a dict of functions, as cProfile writes one, found a list of 0"},
		{"no functions", "{0", "the profile is empty: it has no functions (pstats refuses it too)"},
		{"no end", "{", "byte 1: expected a function (file, line, name), found the end of the data"},
		{"other keys", "{z\x01aN0", "byte 1: expected a function (file, line, name), found a str"},
		{"short key", "{)\x02NNN0", "byte 1: expected a function (file, line, name), found a tuple of 2"},
		{"other marker", "{)\x01z\x01aT0", "byte 3: expected a function (file, line, name) or the mark __sampled__, found a str"},
		{"number for a file", "{)\x03NNNN0", "byte 3: expected a name, found None"},
		{"name for a line", "{)\x03z\x00z\x00z\x00N0", "byte 5: expected a line number below 2**63, found a str"},
		{"line beyond 63 bits", "{)\x03z\x00l" + le32(6) + strings.Repeat("\x01\x00", 6) + "z\x00N0", "byte 5: expected a line number below 2**63, found a large int"},
		{"no figures", "{" + pieceKey + "N0", "byte 17: expected a tuple of 5 figures of a function, found None"},
		{"few figures", "{" + pieceKey + pieceEdge + "0", "byte 17: expected a tuple of 5 figures of a function, found a tuple of 4"},
		{"text for calls", "{" + pieceKey + ")\x05z\x00", "byte 17: expected a tuple of 5 figures of a function, found a tuple of 5 with 2 bytes left"},
		{"None for calls", "{" + pieceKey + ")\x05NNNNN0", "byte 19: expected a whole number of calls below 2**63, found None"},
		{"half a call", "{" + pieceKey + ")\x05g\x00\x00\x00\x00\x00\x00\xe0\x3fNNNN0", "byte 19: expected a whole number of calls below 2**63, found a float"},
		{"None for a time", "{" + pieceKey + ")\x05" + pieceNumbers[:10] + "NNN0", "byte 29: expected a time in seconds, found None"},
		{"None for callers", "{" + pieceKey + pieceRow + "N0", "byte 43: expected a dict of callers, found None"},
		{"other callers", "{" + pieceKey + pieceRow + "{NN00", "byte 44: expected a function (file, line, name), found None"},
		{"text for a caller", "{" + pieceKey + pieceRow + "{" + pieceKey + "z\x0000", "byte 60: expected 4 figures of a caller, or its number of calls, found a str"},
		{"long caller", "{" + pieceKey + pieceRow + "{" + pieceKey + pieceRow + "N00", "byte 60: expected a tuple of 4 figures of a caller, found a tuple of 5"},
		{"cut float", "{" + pieceKey + pieceRow[:len(pieceRow)-3], "byte 35: expected a time in seconds, found the end of the data after 5 of 8 bytes"},
		{"key is the dict", "\xfbr" + le32(0) + "N0", "found a dict"},
		{"key holds itself", "{\xa9\x03z\x00i" + le32(0) + "r" + le32(0) + "N0", "expected a name"},
		{"callers are the figures", "{" + pieceKey + "\xa9\x05" + pieceNumbers + "r" + le32(0) + "0", "expected a dict of callers, found a tuple of 5"},
		{"very long name", "{)\x03s" + le32(maxName+1) + strings.Repeat("a", maxName+1) + "i" + le32(0) + "z\x00N0", "byte 3: expected a name of at most 65536 bytes, found bytes"},
	} {
		_, err := Read([]byte(c.data), Source{Path: "some.prof"})
		if err == nil {
			t.Errorf("%s: no error", c.name)
			continue
		}
		if got := err.Error(); !strings.HasPrefix(got, "reading some.prof: ") || !strings.Contains(got, c.want) || strings.Contains(got, "\n") {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func smallProfile(t testing.TB) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := bigprof.Write(&out, bigprof.Options{Functions: 40, Edges: 100, Seed: 2}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestReadCut: a file cut anywhere is an error that names a byte within it.
func TestReadCut(t *testing.T) {
	data := smallProfile(t)
	for n := range len(data) {
		_, err := Read(data[:n:n], Source{Path: "cut.prof"})
		var fault *marshal.Error
		if !errors.As(err, &fault) || fault.Offset > n {
			t.Fatalf("%d bytes of %d: %v", n, len(data), err)
		}
	}
}

// TestReadDamaged: any byte changed is an error or another profile, no panic.
func TestReadDamaged(t *testing.T) {
	data := smallProfile(t)
	for i := range data {
		for _, change := range []byte{0x01, 0x80, 0xff} {
			damaged := bytes.Clone(data)
			damaged[i] ^= change
			s, err := Read(damaged, Source{Path: "damaged.prof"})
			if err == nil && len(s.order) == 0 {
				t.Fatalf("byte %d: neither a profile nor an error", i)
			}
		}
	}
}

// bombs are small files that would need much memory in a careless reader.
func bombs(t testing.TB) map[string]string {
	const n = 20_000
	number := func(b *strings.Builder, i int) { b.WriteString("i" + le32(i)) }
	var rows, callers, names, codes, shared, again, callersNames strings.Builder
	callersNames.WriteString("{" + pieceKey + pieceRow + "{")
	again.WriteString("{\xa9\x03z\x00i" + le32(0) + "z\x00\xa9\x05" + pieceNumbers + "{0")
	rows.WriteString("{")
	rows.WriteString(")\x03\xfa\x00i" + le32(0) + "r" + le32(0) + "\xa9\x05" + pieceNumbers + "{0")
	callers.WriteString("{" + pieceKey + pieceRow + "{")
	names.WriteString("{")
	shared.WriteString("{" + pieceKey + pieceRow + "\xfb")
	codes.WriteString("{")
	for i := 1; i < n; i++ {
		rows.WriteString(")\x03r" + le32(0))
		number(&rows, i)
		rows.WriteString("r" + le32(0) + "r" + le32(1))
		callers.WriteString(")\x03z\x00")
		number(&callers, i)
		callers.WriteString("z\x00")
		number(&callers, i)
		fmt.Fprintf(&names, ")\x03s%s\xe9%04xi%s\xfa\x04%04x", le32(5), i, le32(0), i)
		names.WriteString(pieceRow + "{0")
		shared.WriteString(")\x03z\x00")
		number(&shared, i)
		shared.WriteString("z\x00")
		number(&shared, i)
		fmt.Fprintf(&callersNames, ")\x03z\x04%04xi%sz\x05g%04xi%s", i, le32(i), i, le32(i))
		again.WriteString("r" + le32(0) + "r" + le32(1))
		// A code object whose name and file are references to one long name.
		if i == 1 {
			codes.WriteString(")\x03\xe1" + le32(30000) + strings.Repeat("n", 30000) + "i" + le32(i) + "z\x00" + pieceRow + "{0")
		}
		codes.WriteString(")\x03r" + le32(0))
		number(&codes, i)
		codes.WriteString("c" + strings.Repeat("\x00", 20) + "s" + le32(0) + strings.Repeat(")\x00", 3) + "s" + le32(0) +
			strings.Repeat("r"+le32(0), 3) + le32(1) + "s" + le32(0) + "s" + le32(0))
		codes.WriteString(pieceRow + "{0")
	}
	for i := range n { // the callers of the first function are those of every other
		fmt.Fprintf(&shared, "%s)\x03z\x00i%sz\x01g%sr%s", map[bool]string{true: "0"}[i == 0], le32(i), pieceRow, le32(0))
	}
	large, err := manySmall()
	if err != nil {
		t.Fatal(err)
	}
	return map[string]string{
		"least functions": rows.String() + "0", "least callers": callers.String() + "000", "most names": names.String() + "0",
		"callers of all": shared.String() + "0", "callers with names": callersNames.String() + "000", "one function": again.String() + "0", "long code objects": codes.String() + "0", "ordinary": large,
	}
}

func manySmall() (string, error) {
	var out bytes.Buffer
	err := bigprof.Write(&out, bigprof.Options{Functions: 4000, Edges: 12000, Seed: 3})
	return out.String(), err
}

// TestReadMemory: no file makes the reader allocate more than 16 times its size.
func TestReadMemory(t *testing.T) {
	for name, data := range bombs(t) {
		input := []byte(data)
		var err error
		got := allocated(func() { _, err = Read(input, Source{}) })
		t.Logf("%-18s %8d bytes, allocated %4.1f times that, error %v", name, len(input), float64(got)/float64(len(input)), err)
		if got > uint64(16*len(input)+1<<16) {
			t.Errorf("%s: allocates %d bytes for %d", name, got, len(input))
		}
	}
}

// allocated measures all that f allocates, freed or not.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// FuzzRead: no file makes the reader panic or allocate much, and what it reads
// can be written and read as the same again.
func FuzzRead(f *testing.F) {
	f.Add(smallProfile(f))
	f.Add([]byte("{" + pieceKey + pieceRow + "{" + pieceKey + pieceEdge + "00"))
	f.Add([]byte("{\xa9\x03\xfa\x01ai\x01\x00\x00\x00r\x01\x00\x00\x00" + pieceRow + "{r\x01\x00\x00\x00" + pieceEdge + "00"))
	f.Add([]byte("{)\x01z\x0b__sampled__T" + pieceKey + pieceRow + "{" + pieceKey + "i\x05\x00\x00\x0000"))
	f.Add([]byte("{\xa9\x03\xda\x01ai\x01\x00\x00\x00r\x01\x00\x00\x00\xa9\x05" + pieceNumbers + "\xfbr\x00\x00\x00\x00\xa9\x04" + pieceNumbers + "0" +
		"r\x00\x00\x00\x00r\x02\x00\x00\x000"))
	f.Fuzz(func(t *testing.T, data []byte) {
		var s *Stats
		var err error
		if got := allocated(func() { s, err = Read(data, Source{Path: "fuzz.prof"}) }); got > uint64(16*len(data)+4<<20) {
			t.Errorf("allocates %d bytes for %d", got, len(data))
		}
		checkWindow(t, data, 128)
		if err != nil {
			return
		}
		var out bytes.Buffer
		if err := s.Write(&out); err != nil {
			t.Fatal(err)
		}
		back, err := Read(out.Bytes(), Source{})
		if err != nil {
			t.Fatalf("written, but not read: %v", err)
		}
		if asText(back) != asText(s) {
			t.Errorf("wrote\n%sread\n%s", asText(s), asText(back))
		}
	})
}
