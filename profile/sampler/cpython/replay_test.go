package cpython

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/gob"
	"errors"
	"flag"
	"fmt"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/cantil-py/cantil/internal/testpy"
	"github.com/cantil-py/cantil/profile/sampler/remote"
)

var update = flag.Bool("update", false, "record the dumps of testdata anew, of all Pythons found")

// parked is a program whose stacks are recorded: it names no file of the machine.
const parked = `
import _thread, time
lock = _thread.allocate_lock()
lock.acquire()
class Tree:
    def walk(self, n):
        if n:
            yield from self.walk(n - 1)
        else:
            print("ready", flush=True)
            lock.acquire()
            yield n
    def method(self, x):
        return sum(self.walk(2))
def naïf(n):
    if n:
        return naïf(n - 1)
    return sorted([1], key=Tree().method)
_thread.start_new_thread(naïf, (40,))
time.sleep(1000)
`

// recorded is a dump as it lies in testdata: memory, and what was found by the symbols
// of a file that is not there any more.
type recorded struct {
	Version      string
	Minor        int
	Runtime, GIL uint64
	Table        []byte // _Py_DebugOffsets, from 3.13 on
	Memory       *remote.Recording
	Stacks       string
}

// record makes a dump of a running Python.
func record(t *testing.T, py testpy.Python) recorded {
	t.Helper()
	cmd := exec.Command(py.Path, "-c", parked)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		cmd.Process.Kill()
		cmd.Wait()
	}()
	bufio.NewScanner(out).Scan()
	time.Sleep(300 * time.Millisecond) // from the word into the locks
	p, err := remote.Open(cmd.Process.Pid)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	where, err := locate(p)
	if err != nil {
		t.Fatal(err)
	}
	memory := &remote.Recorder{Memory: p}
	r := recorded{Version: where.version, Minor: where.layout.minor, Runtime: where.runtime, GIL: where.currentWord}
	if r.Minor >= 13 {
		r.Table = make([]byte, publishedSize)
		if err := p.Read(where.runtime, r.Table); err != nil {
			t.Fatal(err)
		}
	}
	r.Stacks = stacksOf(newTarget(memory, where))
	r.Memory = memory.Recording(0)
	return r
}

// target is the recording as a process.
func (r recorded) target(mem remote.Memory) (*Target, error) {
	var l *layout
	var err error
	if r.Table != nil {
		l, err = publishedLayout(r.Table)
	} else {
		l, err = layoutOf(r.Minor)
	}
	if err != nil {
		return nil, err
	}
	return newTarget(mem, place{runtime: r.Runtime, currentWord: r.GIL, version: r.Version, layout: l}), nil
}

// stacksOf is the text of all stacks, and of what cannot be read.
func stacksOf(t *Target) string {
	var b strings.Builder
	threads, err := t.Threads()
	if err != nil {
		return "error: " + err.Error()
	}
	for _, th := range threads {
		holder, err := t.Holder(th.Interp)
		fmt.Fprintf(&b, "thread of interpreter %d, holds the GIL: %t %v\n", th.ID, holder == th.Addr, err)
		frames, err := NewReader(t, th).Sample()
		for _, f := range frames {
			fmt.Fprintf(&b, "  %s %s:%d from %d\n", f.Func.Name, f.Func.File, f.Line, f.Func.FirstLine)
		}
		if err != nil {
			fmt.Fprintf(&b, "  error: %v\n", err)
		}
	}
	return b.String()
}

// TestRecordings replays the dumps of testdata: every version, on every machine.
func TestRecordings(t *testing.T) {
	if *update {
		testpy.Each(t, func(t *testing.T, py testpy.Python) { save(t, record(t, py)) })
	}
	all := load(t)
	if len(all) != NewestMinor-OldestMinor+1 {
		t.Errorf("%d recordings, want one for each of 3.%d to 3.%d", len(all), OldestMinor, NewestMinor)
	}
	for _, r := range all {
		target, err := r.target(r.Memory)
		if err != nil {
			t.Fatal(err)
		}
		got := stacksOf(target)
		if got != r.Stacks || strings.Count(got, "naïf") != 41 || !strings.Contains(got, "walk <string>:11 ") || strings.Contains(got, "error") {
			t.Errorf("%s: got\n%.400s\nwant\n%.400s", r.Version, got, r.Stacks)
		}
	}
}

// TestDamagedRecordings changes words of the dumps, to others of the same dump or to
// anything, and reads the stacks: errors are fine; panics, hangs and great memory are not.
func TestDamagedRecordings(t *testing.T) {
	for _, r := range load(t) {
		rng := rand.New(rand.NewSource(int64(r.Minor)))
		for i := range 300 {
			damaged := r.damage(rng, 1+rng.Intn(6))
			begin := time.Now()
			if target, err := damaged.target(damaged.Memory); err == nil {
				stacksOf(target)
				if i%6 == 0 {
					tickOf(target)
				}
			}
			if took := time.Since(begin); took > 20*time.Second {
				t.Fatalf("%s: %s", r.Version, took)
			}
		}
	}
	const most = 1 << 30 // a hundred thousand frames outside of the stack take 300 MB
	var memory runtime.MemStats
	if runtime.ReadMemStats(&memory); memory.Sys > most {
		t.Errorf("%d MB of memory were taken", memory.Sys>>20)
	}
}

// tickOf samples all threads together, often enough for what is calm to be read once.
func tickOf(t *Target) {
	w, err := NewWatch(t)
	for n := 0; err == nil && n < 3; n++ {
		err = w.Tick(n == 1)
	}
	if err == nil && t.Revalidate() == nil {
		t.Natives(true)
		for n := 0; err == nil && n < calmFrom+2; n++ {
			err = w.Tick(false)
		}
	}
}

// damage is a copy with n words changed.
func (r recorded) damage(rng *rand.Rand, n int) recorded {
	memory := &remote.Recording{PID: r.Memory.PID}
	for _, b := range r.Memory.Blocks {
		memory.Blocks = append(memory.Blocks, remote.Block{Addr: b.Addr, Data: bytes.Clone(b.Data)})
	}
	r.Memory = memory
	for range n {
		to, from := r.anyWord(rng), r.anyWord(rng)
		switch rng.Intn(4) {
		case 0:
			copy(to, from)
		case 1:
			rng.Read(to)
		case 2:
			to[rng.Intn(len(to))] ^= 1 << rng.Intn(8)
		default: // a pointer into the dump: the way to make circles
			b := memory.Blocks[rng.Intn(len(memory.Blocks))]
			addr := b.Addr + uint64(rng.Intn(len(b.Data)))&^7
			for i := range to {
				to[i] = byte(addr >> (8 * i))
			}
		}
	}
	return r
}

func (r recorded) anyWord(rng *rand.Rand) []byte {
	b := r.Memory.Blocks[rng.Intn(len(r.Memory.Blocks))].Data
	at := rng.Intn(len(b)) &^ 7
	return b[at:min(at+8, len(b))]
}

// FuzzStacks is TestDamagedRecordings with the fuzzer's choice of damage.
func FuzzStacks(f *testing.F) {
	all := load(f)
	f.Add(byte(0), int64(1), byte(3))
	f.Fuzz(func(t *testing.T, which byte, seed int64, n byte) {
		r := all[int(which)%len(all)].damage(rand.New(rand.NewSource(seed)), int(n%16)+1)
		if target, err := r.target(r.Memory); err == nil {
			stacksOf(target)
			tickOf(target)
		}
	})
}

// TestDamagedTables does the same to what 3.13 and 3.14 publish of themselves.
func TestDamagedTables(t *testing.T) {
	rng := rand.New(rand.NewSource(1))
	for _, r := range load(t) {
		if r.Table == nil {
			continue
		}
		whole := r.Table
		for range 500 {
			r.Table = bytes.Clone(whole)
			at := 8 * (1 + rng.Intn(len(whole)/8-1))
			r.Table[at], r.Table[at+1] = byte(rng.Int()), byte(rng.Int())
			if target, err := r.target(r.Memory); err == nil {
				stacksOf(target)
			}
		}
		for _, broken := range [][]byte{nil, whole[:100], append(append(bytes.Clone(whole[:10]), 99), whole[11:]...)} {
			if _, err := publishedLayout(broken); err == nil {
				t.Error("a broken table was believed")
			}
		}
	}
}

// TestMemoryDisappears: wherever reading begins to fail, the answer is an error.
func TestMemoryDisappears(t *testing.T) {
	for _, r := range load(t) {
		for after := range 60 {
			target, err := r.target(&failing{Memory: r.Memory, after: after})
			if err != nil {
				t.Fatal(err)
			}
			text := stacksOf(target)
			if after < 5 && !strings.Contains(text, "error") {
				t.Errorf("%s: no error after %d reads:\n%s", r.Version, after, text)
			}
		}
	}
}

// failing fails all reads after some.
type failing struct {
	remote.Memory
	after int
}

func (f *failing) Read(addr uint64, buf []byte) error {
	if f.after--; f.after < 0 {
		return fmt.Errorf("reading %#x: %w", addr, errors.New("it is gone"))
	}
	return f.Memory.Read(addr, buf)
}

func (f *failing) ReadMany(ranges []remote.Range) (int, error) {
	if f.after--; f.after < 0 {
		return 0, errors.New("it is gone")
	}
	return f.Memory.ReadMany(ranges)
}

func save(t *testing.T, r recorded) {
	t.Helper()
	file, err := os.Create(filepath.Join("testdata", fmt.Sprintf("py3.%02d.dump", r.Minor)))
	if err != nil {
		t.Fatal(err)
	}
	zip := gzip.NewWriter(file)
	if err := errors.Join(gob.NewEncoder(zip).Encode(r), zip.Close(), file.Close()); err != nil {
		t.Fatal(err)
	}
}

func load(t testing.TB) []recorded {
	t.Helper()
	names, err := filepath.Glob("testdata/py3.*.dump")
	if err != nil || len(names) == 0 {
		t.Fatalf("no recordings in testdata (%v): go test -run TestRecordings -update", err)
	}
	var all []recorded
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		zip, err := gzip.NewReader(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		var r recorded
		if err := gob.NewDecoder(zip).Decode(&r); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		all = append(all, r)
	}
	return all
}
