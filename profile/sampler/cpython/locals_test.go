package cpython

import (
	"bufio"
	"encoding/binary"
	"math/rand"
	"os/exec"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/cantil-py/cantil/internal/testpy"
	"github.com/cantil-py/cantil/profile/sampler/remote"
)

// holding is a program whose frames hold something of every kind, some of it in itself.
const holding = `
import threading, time
class Own(object):
    def __init__(self): self.x = [1, {"k": (1, 2.5, None, True)}, {1, 2}, frozenset("ab"), b"bytes", bytearray(b"ba"), 3+4j, 2**200]
def inner(own, *args, **named):
    loop = []
    loop.append(loop)
    shared, error, text = vars(own), ValueError("bad", loop), u"\u4e2d\U0001f600" * 300
    cell = lambda: shared
    print("ready", flush=True)
    time.sleep(1000)
module_level = {"a": [1] * 50}
threading.Thread(target=inner, args=(Own(), 1, "two"), kwargs={"three": Own}, daemon=True, name="holder").start()
time.sleep(1000)
`

// startHolding runs that program, and finds its interpreter.
func startHolding(t *testing.T, py testpy.Python) (*remote.Process, place) {
	t.Helper()
	cmd := exec.Command(py.Path, "-c", holding)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = cmd.Process.Kill(), cmd.Wait() })
	if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	p, err := remote.Open(cmd.Process.Pid)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	where, err := locate(p)
	if err != nil {
		t.Fatal(err)
	}
	return p, where
}

// damaged is a memory in which now and then a word is another.
type damaged struct {
	remote.Memory
	*rand.Rand
	each int // of so many reads one is damaged
}

func (d damaged) Read(addr uint64, buf []byte) error {
	_, err := d.ReadMany([]remote.Range{{Addr: addr, Buf: buf}})
	return err
}

func (d damaged) ReadMany(ranges []remote.Range) (int, error) {
	n, err := d.Memory.ReadMany(ranges)
	for _, r := range ranges[:n] {
		if len(r.Buf) < 8 || d.Intn(d.each) > 0 {
			continue
		}
		at := r.Buf[d.Intn(len(r.Buf)/8)*8:]
		word := binary.LittleEndian.Uint64(at)
		words := []uint64{0, 1, ^uint64(0), 1 << 62, 1 << 31, d.Uint64(), word + 8, word - 16, word << 3, r.Addr, r.Addr + 16}
		binary.LittleEndian.PutUint64(at, words[d.Intn(len(words))])
	}
	return n, err
}

// TestHostileValues: whatever the memory says, variables are read within all bounds.
func TestHostileValues(t *testing.T) {
	const rounds = 150
	testpy.EachOfSome(t, func(t *testing.T, py testpy.Python) {
		t.Parallel()
		p, where := startHolding(t, py)
		values, whole := 0, 0
		for seed := range int64(rounds) {
			memory := damaged{p, rand.New(rand.NewSource(seed)), 1 << (1 + seed%8)}
			target := newTarget(p, where)
			threads, err := target.Threads()
			if err != nil {
				t.Fatal(err)
			}
			target.mem = memory // from here on: without threads there would be nothing to see
			for _, th := range threads {
				begin := time.Now()
				in, err := target.Inspect(th, true)
				if took := time.Since(begin); took > 10*time.Second {
					t.Fatalf("seed %d took %s", seed, took)
				}
				if err != nil {
					continue
				}
				for _, scope := range in.Scopes {
					if len(scope.Vars) > maxVars {
						t.Errorf("seed %d: %d variables", seed, len(scope.Vars))
					}
					for _, v := range scope.Vars {
						values += sizeOf(t, v.Value, 0)
					}
				}
				whole++
			}
		}
		if values == 0 || whole < rounds/10 {
			t.Errorf("only %d stacks with %d values were read: the damage is too great to test anything", whole, values)
		}
		t.Logf("Python %s: %d stacks, %d values out of damaged memory", py.Version, whole, values)
	})
}

// sizeOf counts values, and makes sure of the bounds of each.
func sizeOf(t *testing.T, v Value, level int) int {
	t.Helper()
	if level > maxLevels+1 || len(v.Items) > 2*maxItems || len(v.Text) > utf8.UTFMax*maxText && v.Kind != Class && v.Kind != Function && v.Kind != Module {
		t.Errorf("at level %d a value of %d items and %d bytes", level, len(v.Items), len(v.Text))
	}
	n := 1
	for _, item := range v.Items {
		n += sizeOf(t, item, level+1)
	}
	return n
}

// TestThreadNames: the names that threading has, on every version.
func TestThreadNames(t *testing.T) {
	testpy.Each(t, func(t *testing.T, py testpy.Python) {
		t.Parallel()
		p, where := startHolding(t, py)
		target := newTarget(p, where)
		threads, err := target.Threads()
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, th := range threads {
			in, err := target.Inspect(th, false)
			if err != nil {
				t.Fatal(err)
			}
			if in.Scopes != nil {
				t.Error("variables that nobody asked for")
			}
			names = append(names, in.Name)
		}
		if len(names) != 2 || names[0] != "holder" || names[1] != "" {
			t.Errorf("names %q", names)
		}
	})
}

// FuzzValues looks for memory that makes reading variables panic or hang.
func FuzzValues(f *testing.F) {
	f.Add(int64(1), 4)
	f.Add(int64(2), 64)
	f.Fuzz(func(t *testing.T, seed int64, each int) {
		if each < 1 || each > 1<<20 {
			t.Skip()
		}
		random := rand.New(rand.NewSource(seed))
		for minor := OldestMinor; minor <= NewestMinor; minor++ {
			l, err := layoutOf(minor)
			if err != nil {
				t.Fatal(err)
			}
			if l.threadSize == 0 || l.frameSize == 0 {
				continue // 3.13 and later tell their own
			}
			v := newInspector(newTarget(noise{random}, place{layout: l}))
			for kind := Object; kind <= Unreadable; kind++ { // whatever is read is likely to be of these types
				v.classes[typeOf(kind)] = &class{kind: kind, name: "fuzzed", flags: random.Uint64(), dictOffset: random.Int63n(99), basicSize: random.Int63n(99)}
			}
			for range each % 64 {
				object := random.Uint64() &^ 7
				value, err := v.value(object)
				if err != nil {
					t.Fatal(err)
				}
				sizeOf(t, value, 0)
				v.attribute(object, "x")
			}
		}
	})
}

// typeOf is where a fuzzed memory has the type of a kind.
func typeOf(kind Kind) uint64 { return 0x10000 + uint64(kind)*0x100 }

// noise is a memory of small words, types, and whatever else.
type noise struct{ *rand.Rand }

func (n noise) Read(_ uint64, buf []byte) error {
	for len(buf) >= 8 {
		word := n.Uint64() >> n.Intn(64)
		switch n.Intn(3) {
		case 0:
			word = uint64(n.Intn(40))
		case 1:
			word = typeOf(Kind(n.Intn(int(Unreadable) + 1)))
		}
		binary.LittleEndian.PutUint64(buf, word)
		buf = buf[8:]
	}
	n.Rand.Read(buf)
	return nil
}

func (n noise) ReadMany(ranges []remote.Range) (int, error) {
	for _, r := range ranges {
		if err := n.Read(r.Addr, r.Buf); err != nil {
			return 0, err
		}
	}
	return len(ranges), nil
}
