package remote

import (
	"bytes"
	"strings"
	"testing"
)

// TestParseMaps has lines as kernels write them.
func TestParseMaps(t *testing.T) {
	const text = `00400000-0041f000 r--p 00000000 08:01 1234                       /usr/bin/python3.11
7f00-7f10 rw-p 00000000 00:00 0
7ffd1000-7ffd2000 rw-p 00001000 00:00 0                          [stack]
7ffd2000-7ffd3000 r-xs 00002000 08:01 99                         /tmp/with a space (deleted)
`
	maps, err := parseMaps(strings.NewReader(text))
	if err != nil || len(maps) != 4 {
		t.Fatalf("%d mappings, %v", len(maps), err)
	}
	if m := maps[0]; m.Start != 0x400000 || m.End != 0x41f000 || !m.Readable || m.Writable || m.Inode != 1234 || m.Path != "/usr/bin/python3.11" {
		t.Errorf("%+v", m)
	}
	if m := maps[3]; m.Path != "/tmp/with a space" || !m.Deleted || !m.Executable || m.Private || m.Offset != 0x2000 {
		t.Errorf("%+v", m)
	}
	for _, bad := range []string{"x", "1-2", "2-1 r--p 0 0:0 0", "1-2 r-p 0 0:0 0", "1-2 r--p g 0:0 0", "1-2 r--p 0 0:0 -1"} {
		if _, err := parseMaps(strings.NewReader(bad)); err == nil {
			t.Errorf("%q was read as a mapping", bad)
		}
	}
}

// FuzzMaps: no text is a trouble.
func FuzzMaps(f *testing.F) {
	f.Add("00400000-0041f000 r--p 00000000 08:01 1234   /usr/bin/python3.11\n")
	f.Fuzz(func(t *testing.T, text string) {
		maps, err := parseMaps(strings.NewReader(text))
		for _, m := range maps {
			if err == nil && m.End < m.Start {
				t.Fatalf("%+v", m)
			}
		}
	})
}

// TestRecording: what a Recorder saw is what its Recording answers, and nothing else.
func TestRecording(t *testing.T) {
	memory := &Recording{PID: 5, Blocks: []Block{{100, []byte("abcdefgh")}, {200, []byte("stuvwxyz")}}}
	recorder := &Recorder{Memory: memory}
	var one [4]byte
	var two [3]byte
	if err := recorder.Read(102, one[:]); err != nil || string(one[:]) != "cdef" {
		t.Fatalf("%q, %v", one, err)
	}
	if n, err := recorder.ReadMany([]Range{{200, two[:]}, {106, one[:]}}); n != 1 || err == nil {
		t.Errorf("a range beyond the end: %d, %v", n, err)
	}
	var file bytes.Buffer
	if err := recorder.Recording(5).Write(&file); err != nil {
		t.Fatal(err)
	}
	again, err := ReadRecording(&file)
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Read(103, one[:3]); err != nil || string(one[:3]) != "def" {
		t.Errorf("%q, %v", one, err)
	}
	for _, addr := range []uint64{0, 100, 105, 198, ^uint64(0) - 1} {
		if err := again.Read(addr, one[:4]); err == nil {
			t.Errorf("%d was never read", addr)
		}
	}
	if _, err := ReadRecording(strings.NewReader("no recording")); err == nil {
		t.Error("damage was read")
	}
	overlap := &Recording{Blocks: []Block{{100, []byte("abc")}, {101, []byte("b")}}}
	file.Reset()
	if err := overlap.Write(&file); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadRecording(&file); err == nil {
		t.Error("overlapping blocks were read")
	}
}
