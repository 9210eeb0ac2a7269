package export

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cantil-py/cantil/profile/pstats"
	"github.com/cantil-py/cantil/profile/stacks"
)

// hostile are names that have a meaning in one format or another, or none in any.
var hostile = []string{"main", "Tree.insert", "<module>", "<lambda>", "a;b", "x (y:1)", "new\nline", "quote\"s", "</script>", "étude", "\xff\xfe", "", "fn=(1)", " lead", strings.Repeat("n", 10_000)}

// sampledProfile has two threads and these functions; each line of stacks is one sample.
func sampledProfile(names ...string) *stacks.Profile {
	r := stacks.NewRecorder()
	at := time.Duration(0)
	for i := range 200 {
		var frames []stacks.Frame
		for d := range 1 + i%4 {
			name := names[(i*7+d)%len(names)]
			f := stacks.Func{Name: name, File: "/src/" + name + ".py", FirstLine: 10 * d}
			if i%11 == 3 && d == 0 {
				f = stacks.Func{Name: name, Native: true}
			}
			frames = append(frames, stacks.Frame{Func: r.Func(f), Line: int32(d*10 + i%3)})
		}
		at += time.Millisecond
		r.Add(at, r.Thread(stacks.Thread{PID: 7, TID: 7 + i%2, Name: names[i%2]}), stacks.Holding, frames)
	}
	return r.Profile(stacks.Info{Mode: "wall", Rate: 1000, Command: []string{"python3", "x.py"}, Executable: "/usr/bin/python3", Counts: stacks.Counts{Ticks: 200, Wall: at}})
}

// exactProfile has recursion, a built-in, and a caller without a row.
func exactProfile(names ...string) *pstats.Stats {
	rows := []pstats.Row{{Func: pstats.Func{File: "~", Name: "<built-in method builtins.len>"}, Listed: true, Counts: pstats.Counts{Calls: 9, Primitive: 9, Own: 0.5, Cumulative: 0.5}}}
	for i, name := range names {
		row := pstats.Row{
			Func: pstats.Func{File: "/src/" + name + ".py", Line: int64(i + 1), Name: name}, Listed: i%5 != 4,
			Counts: pstats.Counts{Calls: int64(i + 2), Primitive: int64(i + 1), Own: 0.25, Cumulative: float64(len(names) - i)},
		}
		if i > 0 {
			row.Callers = []pstats.Edge{
				{Caller: pstats.FuncID(i), Counts: pstats.Counts{Calls: int64(i + 1), Primitive: int64(i + 1), Own: 0.2, Cumulative: 1}},
				{Caller: pstats.FuncID(i + 1), Counts: pstats.Counts{Calls: 1, Own: 0.05, Cumulative: 0.1}},
			}
		}
		rows = append(rows, row)
	}
	rows[0].Callers = []pstats.Edge{{Caller: 1, Counts: pstats.Counts{Calls: 9, Primitive: 9, Own: 0.5, Cumulative: 0.5}}}
	return pstats.New(rows)
}

// failing is a writer that stops after some bytes.
type failing struct{ left int }

var errFull = errors.New("no room")

func (f *failing) Write(p []byte) (int, error) {
	if f.left -= len(p); f.left < 0 {
		return 0, errFull
	}
	return len(p), nil
}

// TestConformance is what every format must do.
func TestConformance(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range Formats() {
		t.Run(f.Name, func(t *testing.T) {
			if f.Name == "" || f.Summary == "" || !strings.HasPrefix(f.Ending, ".") || seen[f.Name] || strings.ToLower(f.Name) != f.Name {
				t.Fatalf("not well described: %+v", f)
			}
			seen[f.Name] = true
			if found, err := Find(f.Name); err != nil || found.Name != f.Name {
				t.Errorf("finding it gives %q, %v", found.Name, err)
			}
			writers := map[string]func(*bytes.Buffer, []string) error{}
			if f.Sampled != nil {
				writers["sampled"] = func(b *bytes.Buffer, names []string) error { return f.Sampled(b, sampledProfile(names...)) }
			}
			if f.Exact != nil {
				writers["exact"] = func(b *bytes.Buffer, names []string) error { return f.Exact(b, exactProfile(names...)) }
			}
			if len(writers) == 0 {
				t.Fatal("it writes nothing")
			}
			for kind, write := range writers {
				checkWriter(t, f, kind, write)
			}
			checkFailing(t, f)
		})
	}
	if _, err := Find("no such"); err == nil || !strings.Contains(err.Error(), "collapsed") {
		t.Errorf("an unknown format: %v", err)
	}
}

// checkWriter: whole, the same each time, text where it says so, whatever the names.
func checkWriter(t *testing.T, f Format, kind string, write func(*bytes.Buffer, []string) error) {
	t.Helper()
	for _, names := range [][]string{{"main", "work", "leaf"}, hostile} {
		var first, second bytes.Buffer
		if err := errors.Join(write(&first, names), write(&second, names)); err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		if !bytes.Equal(first.Bytes(), second.Bytes()) {
			t.Errorf("%s: the same profile gives different bytes", kind)
		}
		if first.Len() == 0 {
			t.Errorf("%s: nothing is written", kind)
		}
		if f.Binary {
			continue
		}
		text := first.String()
		if strings.ToValidUTF8(text, "") != text {
			t.Errorf("%s: it is no UTF-8", kind)
		}
		if !strings.HasSuffix(text, "\n") || strings.ContainsAny(text, "\x00\r") {
			t.Errorf("%s: it is no text of lines", kind)
		}
	}
}

// checkFailing: a full disk is an error, wherever it strikes.
func checkFailing(t *testing.T, f Format) {
	t.Helper()
	for _, room := range []int{0, 10, 300} {
		if f.Sampled != nil {
			if err := f.Sampled(&failing{room}, sampledProfile(hostile...)); !errors.Is(err, errFull) {
				t.Errorf("sampled, with room for %d bytes: %v", room, err)
			}
		}
		if f.Exact != nil {
			if err := f.Exact(&failing{room}, exactProfile(hostile...)); !errors.Is(err, errFull) {
				t.Errorf("exact, with room for %d bytes: %v", room, err)
			}
		}
	}
}

// TestCollapsed: py-spy's form, and every sample is in it.
func TestCollapsed(t *testing.T) {
	r := stacks.NewRecorder()
	top, work := r.Func(stacks.Func{Name: "<module>", File: "train.py", FirstLine: 1}), r.Func(stacks.Func{Name: "work;x", File: "train.py", FirstLine: 3})
	native := r.Func(stacks.Func{Name: "len", Native: true})
	for i := range 5 {
		frames := []stacks.Frame{{Func: native}, {Func: work, Line: 4}, {Func: top, Line: 9}}
		if i > 2 {
			frames = frames[2:]
		}
		r.Add(time.Duration(i)*time.Millisecond, r.Thread(stacks.Thread{TID: i}), stacks.Idle, frames)
	}
	var got bytes.Buffer
	if err := writeCollapsed(&got, r.Profile(stacks.Info{})); err != nil {
		t.Fatal(err)
	}
	if want := "<module> (train.py:9) 2\n<module> (train.py:9);work:x (train.py:4);len 3\n"; got.String() != want {
		t.Errorf("wrote\n%swant\n%s", got.String(), want)
	}
	got.Reset()
	if err := writeCollapsed(&got, sampledProfile(hostile...)); err != nil {
		t.Fatal(err)
	}
	sum, line := 0, regexp.MustCompile(`^[^\n]+ (\d+)$`)
	for _, text := range strings.Split(strings.TrimSuffix(got.String(), "\n"), "\n") {
		m := line.FindStringSubmatch(text)
		if m == nil {
			t.Fatalf("no line of a stack: %.200q", text)
		}
		n, err := strconv.Atoi(m[1])
		if err != nil {
			t.Fatal(err)
		}
		sum += n
	}
	if sum != 200 {
		t.Errorf("%d of 200 samples are written", sum)
	}
}

// TestSpeedscope reads the file as speedscope's own importer does.
func TestSpeedscope(t *testing.T) {
	p := sampledProfile(hostile...)
	var out bytes.Buffer
	if err := writeSpeedscope(&out, p); err != nil {
		t.Fatal(err)
	}
	var file struct {
		Schema string `json:"$schema"`
		Shared struct {
			Frames []struct {
				Name *string
				Line int
			}
		}
		Profiles []struct {
			Type, Name, Unit     string
			StartValue, EndValue int64
			Samples              [][]int
			Weights              []int64
		}
	}
	decoder := json.NewDecoder(&out)
	if err := decoder.Decode(&file); err != nil {
		t.Fatal(err)
	}
	if file.Schema != "https://www.speedscope.app/file-format-schema.json" || len(file.Profiles) != 2 {
		t.Fatalf("schema %q, %d profiles", file.Schema, len(file.Profiles))
	}
	var all int64
	for _, profile := range file.Profiles {
		if profile.Type != "sampled" || profile.Unit != "nanoseconds" || len(profile.Samples) != len(profile.Weights) {
			t.Errorf("a profile of type %s, unit %s, %d samples and %d weights", profile.Type, profile.Unit, len(profile.Samples), len(profile.Weights))
		}
		var sum int64
		for i, weight := range profile.Weights {
			sum += weight
			for _, frame := range profile.Samples[i] {
				if frame < 0 || frame >= len(file.Shared.Frames) || file.Shared.Frames[frame].Name == nil {
					t.Fatalf("sample %d has the frame %d of %d", i, frame, len(file.Shared.Frames))
				}
			}
		}
		if profile.StartValue != 0 || profile.EndValue != sum {
			t.Errorf("it goes from %d to %d, its weights are %d", profile.StartValue, profile.EndValue, sum)
		}
		all += sum
	}
	if want := p.Time(200).Nanoseconds(); all != want {
		t.Errorf("all weights are %d ns, want %d", all, want)
	}
}

// TestCallgrindAnnotate: valgrind's own reader takes the file, and adds up as we do.
func TestCallgrindAnnotate(t *testing.T) {
	tool, err := exec.LookPath("callgrind_annotate")
	if err != nil {
		t.Skip("NO callgrind_annotate FOUND: this test reads the file with it (Debian: apt-get install valgrind)")
	}
	for kind, names := range map[string][]string{"plain": {"main", "work", "leaf", "twig"}, "hostile": hostile[:len(hostile)-1]} {
		s := exactProfile(names...)
		path := filepath.Join(t.TempDir(), "callgrind.out")
		var file bytes.Buffer
		if err := writeCallgrind(&file, s); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, file.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(tool, "--threshold=100", path).CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", kind, err, out)
		}
		total := int64(0)
		for _, row := range s.Rows {
			total += nanoseconds(row.Own)
		}
		totals := regexp.MustCompile(`([\d,]+)(?: \(100\.0%\))?  PROGRAM TOTALS`).FindSubmatch(out)
		if totals == nil || strings.ReplaceAll(string(totals[1]), ",", "") != fmt.Sprint(total) {
			t.Errorf("%s: it adds up to something else than %d:\n%s", kind, total, out)
		}
	}
}
