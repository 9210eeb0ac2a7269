package bwt

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

func encoded(t *testing.T, text []byte, o Options) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Encode(&b, bytes.NewReader(text), o); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestEncodeDecode(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	for _, size := range []int{0, 1, 2, 1023, 1024, 1025, 5000, 100_000} {
		for _, o := range []Options{{}, {BlockSize: MinBlockSize, Workers: 1}, {BlockSize: 3000, Workers: 5}} {
			text := randomText(random, 100)
			text = bytes.Repeat(text, size/len(text)+1)[:size]
			var done int64
			o.Progress = func(n int64) { done = n }
			file := encoded(t, text, o)
			if done != int64(size) {
				t.Errorf("progress ended at %d of %d", done, size)
			}
			var back bytes.Buffer
			if err := Decode(&back, iotest.HalfReader(bytes.NewReader(file)), o); err != nil || !bytes.Equal(back.Bytes(), text) {
				t.Errorf("%d bytes, %+v: %v, %d bytes came back", size, o, err, back.Len())
			}
		}
	}
}

// TestDamage changes, takes away and adds bytes anywhere: it is always found, and what is
// salvaged is the good blocks, in order, with all that is missing told.
func TestDamage(t *testing.T) {
	random := rand.New(rand.NewPCG(9, 10))
	text := randomBytes(random, 20_000)
	file := encoded(t, text, Options{BlockSize: 1024})
	for range 300 {
		bad := damaged(random, file)
		if bytes.Equal(bad, file) {
			continue
		}
		var back bytes.Buffer
		if err := Decode(&back, bytes.NewReader(bad), Options{}); err == nil {
			t.Fatal("damage was not found")
		}
		salvaged(t, bad, text)
	}
}

func damaged(random *rand.Rand, file []byte) []byte {
	at := random.IntN(len(file))
	length := min(1+random.IntN(3000), len(file)-at)
	switch random.IntN(4) {
	case 0:
		return file[:at]
	case 1:
		return slices.Concat(file[:at], file[at+length:])
	case 2:
		return slices.Concat(file[:at], randomBytes(random, length), file[at:])
	default:
		bad := bytes.Clone(file)
		bad[at] ^= byte(1 + random.IntN(255))
		return bad
	}
}

// salvaged checks what is left of a damaged file of text against what is said to be missing.
func salvaged(t *testing.T, bad, text []byte) {
	t.Helper()
	var back bytes.Buffer
	var list []*Damage
	err := Decode(&back, bytes.NewReader(bad), Options{Damaged: func(d *Damage) { list = append(list, d) }})
	if err != nil || len(list) == 0 {
		t.Fatalf("salvaging: %v, damage %v", err, list)
	}
	var want []byte
	from := int64(0)
	for _, d := range list {
		want = append(want, text[min(from, d.Offset):d.Offset]...)
		if from = d.Offset + d.Size; d.Size < 0 {
			from = int64(len(text))
		}
	}
	want = append(want, text[from:]...)
	if !bytes.Equal(back.Bytes(), want) {
		t.Fatalf("salvaged %d bytes; with %v missing it should be %d", back.Len(), list, len(want))
	}
}

func TestDamageIsNamed(t *testing.T) {
	text := bytes.Repeat([]byte("so much to say "), 400) // 6000 bytes, 6 blocks
	file := encoded(t, text, Options{BlockSize: 1024})
	file[len(file)/2] ^= 1
	err := Decode(io.Discard, bytes.NewReader(file), Options{})
	var damage *Damage
	if !errors.As(err, &damage) || damage.Block != 2 || damage.Offset != 2048 || damage.Size != 1024 {
		t.Fatalf("got %v (%+v)", err, damage)
	}
	if !strings.Contains(err.Error(), "block 2") {
		t.Errorf("%q does not name the block", err)
	}
}

func TestDecodeRefuses(t *testing.T) {
	if err := Decode(io.Discard, strings.NewReader("import sys\n"), Options{}); !errors.Is(err, ErrNotEncoded) {
		t.Errorf("a Python file: %v", err)
	}
	failing := errors.New("the disk is gone")
	if err := Decode(io.Discard, iotest.ErrReader(failing), Options{}); !errors.Is(err, failing) {
		t.Errorf("a failing reader: %v", err)
	}
	if err := Encode(io.Discard, iotest.ErrReader(failing), Options{}); !errors.Is(err, failing) {
		t.Errorf("a failing reader: %v", err)
	}
	if err := Encode(io.Discard, strings.NewReader(""), Options{BlockSize: 5}); err == nil {
		t.Error("blocks of 5 bytes")
	}
}

func FuzzDecode(f *testing.F) {
	var b bytes.Buffer
	if err := Encode(&b, strings.NewReader(strings.Repeat("abcab", 600)), Options{BlockSize: 1024}); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, file []byte) {
		// Neither may crash; what both read is the same.
		var strict, lenient bytes.Buffer
		err := Decode(&strict, bytes.NewReader(file), Options{Workers: 1})
		damage := 0
		if again := Decode(&lenient, bytes.NewReader(file), Options{Workers: 1, Damaged: func(*Damage) { damage++ }}); again != nil {
			t.Fatal(again)
		}
		if err == nil && (damage > 0 || !bytes.Equal(strict.Bytes(), lenient.Bytes())) {
			t.Fatalf("good, but salvaging it found %d times damage", damage)
		}
	})
}
