package stacks

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"
)

// anyProfile is a random one: threads that come and go, lines, states, names of all kinds.
func anyProfile(seed uint64) *Profile {
	rng := rand.New(rand.NewPCG(seed, 7))
	r := NewRecorder()
	names := []string{"main", "Tree.insert", "<module>", "<lambda>", "f.<locals>.g", "étude", "a b;c", "x::y<int>", "\n\x00", "_Z3foov"}
	at := time.Duration(0)
	for range rng.IntN(500) {
		if rng.IntN(3) > 0 {
			at += time.Duration(rng.IntN(3_000_000))
		}
		var frames []Frame
		for range 1 + rng.IntN(8) {
			name := names[rng.IntN(len(names))]
			f := Func{Name: name, File: "/src/" + name + ".py", FirstLine: rng.IntN(100)}
			if rng.IntN(9) == 0 {
				f = Func{Name: name, Native: true}
			}
			frames = append(frames, Frame{r.Func(f), int32(rng.IntN(1000))})
		}
		thread := r.Thread(Thread{PID: 1 + rng.IntN(2), TID: rng.IntN(4), Name: []string{"", "Thread-1", "π"}[rng.IntN(3)], Interp: int64(rng.IntN(2))})
		r.Add(at, thread, State(rng.IntN(3)), frames)
	}
	return r.Profile(testInfo())
}

// told is a profile without its numbering: everything that it says.
func told(p *Profile) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%+v %v\n", p.Info, p.Untimed)
	for _, s := range p.Samples {
		fmt.Fprintf(&b, "%v %+v %v", s.At, p.Threads[s.Thread], s.State)
		for f := range p.Stack(s.Stack) {
			fmt.Fprintf(&b, " %+v:%d", p.Funcs[f.Func], f.Line)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func written(t testing.TB, p *Profile) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := p.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestRoundTrip: what is written is read back the same, times and order too.
func TestRoundTrip(t *testing.T) {
	for seed := range uint64(40) {
		p := anyProfile(seed)
		file := written(t, p)
		back, err := Read(bytes.NewReader(file))
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if err := checkProfile(back); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if told(p) != told(back) {
			t.Fatalf("seed %d: wrote\n%s\nread\n%s", seed, told(p), told(back))
		}
		if again := written(t, back); !bytes.Equal(again, file) {
			t.Fatalf("seed %d: writing it again gives another file", seed)
		}
	}
}

// pprofOf runs go tool pprof on a file; without the tool the test is skipped.
func pprofOf(t *testing.T, file []byte, args ...string) string {
	t.Helper()
	tool, err := exec.LookPath("go")
	if err != nil {
		t.Skip("NO go TOOL FOUND: this test opens the file with go tool pprof; run it with a Go installation")
	}
	path := filepath.Join(t.TempDir(), "samples.pb.gz")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(tool, append(append([]string{"tool", "pprof"}, args...), path)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %v\n%s", cmd.Args, err, stderr.String())
	}
	return string(out)
}

var topLine = regexp.MustCompile(`(?m)^ +(\d+) +[\d.]+% +[\d.]+% +(\d+) +[\d.]+% +(\S+)`)

// TestPprof: go tool pprof opens the file, counts as we do, and shows what it is.
func TestPprof(t *testing.T) {
	p := record(t, "0 main/Tree.insert/leaf", "1 main/<lambda>", "2 main/Tree.insert", "3 main/rec/rec/rec", "4 main/rec/Tree.insert/leaf", "4 other: main/wait")
	file := written(t, p)
	top := pprofOf(t, file, "-top", "-sample_index=samples", "-nodefraction=0")
	got := map[string][2]int64{}
	for _, m := range topLine.FindAllStringSubmatch(top, -1) {
		var own, all int64
		if _, err := fmt.Sscan(m[1], &own); err != nil {
			t.Fatal(err)
		}
		if _, err := fmt.Sscan(m[2], &all); err != nil {
			t.Fatal(err)
		}
		got[m[3]] = [2]int64{own, all}
	}
	if want := counts(p); !reflect.DeepEqual(got, want) {
		t.Errorf("go tool pprof counts %v, we %v:\n%s", got, want, top)
	}
	for _, want := range []string{"File: python3.12", "mode wall", "2 stacks could not be proven", "CPython 3.12.1", "command: python3 prog.py --x"} {
		if !strings.Contains(top, want) {
			t.Errorf("go tool pprof does not show %q:\n%s", want, top)
		}
	}
	if strings.Contains(top, "#cantil") {
		t.Errorf("go tool pprof shows what is not for people:\n%s", top)
	}
	if one := pprofOf(t, file, "-top", "-sample_index=samples", "-tagfocus=thread=other"); !strings.Contains(one, "Total samples = 1 ") && !strings.Contains(one, "of 6 total") {
		t.Errorf("one thread alone:\n%s", one)
	}
	if lines := pprofOf(t, file, "-traces", "-lines"); !strings.Contains(lines, "prog.py:7") {
		t.Errorf("no lines:\n%s", lines)
	}
}

// TestRewritten: a file that pprof has written anew keeps its samples; their order counts
// only where it still fits.
func TestRewritten(t *testing.T) {
	p := anyProfile(5)
	out := filepath.Join(t.TempDir(), "again.pb.gz")
	pprofOf(t, written(t, p), "-proto", "-output="+out)
	back, err := Open(out)
	if err != nil {
		t.Fatal(err)
	}
	if err := checkProfile(back); err != nil {
		t.Fatal(err)
	}
	if len(back.Samples) != len(p.Samples) {
		t.Errorf("%d samples of %d are left", len(back.Samples), len(p.Samples))
	}
	part := filepath.Join(t.TempDir(), "part.pb.gz")
	pprofOf(t, written(t, p), "-proto", "-focus=main", "-output="+part)
	back, err = Open(part)
	if err != nil {
		t.Fatal(err)
	}
	want := p.Focus(func(f Func) bool { return strings.Contains(f.Name+f.File, "main") })
	if !back.Untimed || len(back.Samples) != len(want.Samples) {
		t.Errorf("focused by pprof: untimed is %v, %d samples, want %d", back.Untimed, len(back.Samples), len(want.Samples))
	}
}

// TestReadBad: what is no profile of ours is told so.
func TestReadBad(t *testing.T) {
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	if _, err := z.Write([]byte("hello, this is text")); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"empty": nil, "text": []byte("hello"), "zipped text": zipped.Bytes(), "half": written(t, anyProfile(3))[:200]} {
		if _, err := Read(bytes.NewReader(data)); err == nil {
			t.Errorf("%s is read without an error", name)
		} else {
			t.Logf("%s: %v", name, err)
		}
	}
	p := record(t, "0 main")
	out, err := p.proto()
	if err != nil {
		t.Fatal(err)
	}
	out.Comments = nil
	if _, err := parse(out.Marshal()); !errors.Is(err, ErrForeign) {
		t.Errorf("a profile of another program: %v", err)
	}
}

// TestReadBomb: a small file that would become a very large one is refused before that.
func TestReadBomb(t *testing.T) {
	var file bytes.Buffer
	z := gzip.NewWriter(&file)
	empty := bytes.Repeat([]byte{2<<3 | 2, 0}, 1<<20) // two million samples of nothing each
	for range 16 {
		if _, err := z.Write(empty); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d bytes", file.Len())
	_, err := Read(&file)
	if err == nil || !strings.Contains(err.Error(), "needs more than") {
		t.Errorf("a bomb gives %v", err)
	}
}

// TestTooDeepToWrite: there is an error where profile.proto cannot hold the stacks.
func TestTooDeepToWrite(t *testing.T) {
	r := NewRecorder()
	frames := make([]Frame, MaxDepth)
	f := r.Func(Func{Name: "f"})
	for i := range frames {
		frames[i] = Frame{Func: f, Line: int32(i)}
	}
	r.Add(0, r.Thread(Thread{}), Idle, frames)
	p := r.Profile(testInfo())
	for i := range maxFrames / MaxDepth { // the same stack, of another thread each
		p.Threads = append(p.Threads, Thread{TID: i + 1})
		p.Samples = append(p.Samples, Sample{Stack: p.Samples[0].Stack, Thread: ThreadID(i + 1)})
	}
	if err := p.Write(io.Discard); err == nil {
		t.Error("stacks of more frames than are read again were written")
	}
}

// FuzzRead: whatever the file, reading ends, within bounds, and what was read is whole
// and can be written.
func FuzzRead(f *testing.F) {
	f.Add(unzipped(f, record(f, "0 main/a", "1 main/b", "1 other: main", "3 main/a")))
	f.Add(unzipped(f, record(f, "0 main/rec/rec")))
	f.Add(unzipped(f, anyProfile(2)))
	f.Fuzz(func(t *testing.T, raw []byte) {
		p, err := parse(raw)
		if err != nil {
			return
		}
		if err := checkProfile(p); err != nil {
			t.Fatal(err)
		}
		if len(p.Samples) < 1000 { // counts may be large, and then this takes seconds
			p.Rows()
			p.Tree().HeaviestPath()
			back, err := parse(unzipped(t, p))
			if err != nil {
				t.Fatal(err)
			}
			if told(back) != told(p) {
				t.Fatalf("read\n%s\nafter writing it again\n%s", told(p), told(back))
			}
		}
	})
}

// unzipped is a profile as profile.proto, not compressed.
func unzipped(t testing.TB, p *Profile) []byte {
	t.Helper()
	out, err := p.proto()
	if err != nil {
		t.Fatal(err)
	}
	return out.Marshal()
}
