package pstats

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cantil-py/cantil/internal/testpy"
)

// profiles are the files made by collectProfiles.
type profiles struct {
	versions, programs []string
	has                map[string]bool
}

// file names the profile of a program made by a version with "c"Profile or "p"rofile.
func (p profiles) file(version, program, letter string) string {
	return version + "-" + program + "-" + letter + ".prof"
}

// all lists the files with their folder.
func (p profiles) all(dir string) []string {
	var files []string
	for file := range p.has {
		files = append(files, filepath.Join(dir, file))
	}
	slices.Sort(files)
	return files
}

// collectProfiles has every Python profile every program of testdata/programs, into dir.
func collectProfiles(t *testing.T, dir string, pythons []testpy.Python) profiles {
	t.Helper()
	programs, err := filepath.Glob("testdata/programs/*.py")
	if err != nil || len(programs) == 0 {
		t.Fatalf("no programs to profile: %v", err)
	}
	made := profiles{has: make(map[string]bool)}
	for _, program := range programs {
		made.programs = append(made.programs, strings.TrimSuffix(filepath.Base(program), ".py"))
	}
	var running sync.WaitGroup
	for _, py := range pythons {
		made.versions = append(made.versions, py.Version)
		running.Go(func() { runScript(t, py, "testdata/collect.py", append([]string{dir, py.Version}, programs...)...) })
	}
	running.Wait()
	if t.Failed() {
		t.FailNow()
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*.prof"))
	for i, file := range files {
		modified := time.Date(2026, 1, 1+i%31, i%24, 5, 9, 999_999_999, time.Local)
		if err := os.Chtimes(file, modified, modified); err != nil {
			t.Fatal(err)
		}
		made.has[filepath.Base(file)] = true
	}
	return made
}

// runJob does a job with this package and returns what is printed.
func runJob(t *testing.T, number int, j job) []byte {
	t.Helper()
	var out bytes.Buffer
	fmt.Fprintf(&out, "=== %d\n", number)
	stats, err := Open(j.Files...)
	for _, step := range j.Steps {
		if err != nil {
			break
		}
		err = doStep(t, stats, &out, step)
	}
	if err != nil {
		out.WriteString("!!! error\n")
	}
	return out.Bytes()
}

func doStep(t *testing.T, stats *Stats, out *bytes.Buffer, step []any) error {
	t.Helper()
	words := make([]string, len(step)-1)
	limits := make([]Restriction, len(step)-1)
	for i, argument := range step[1:] {
		words[i], limits[i] = fmt.Sprint(argument), restriction(t, argument)
	}
	switch step[0] {
	case "add":
		return addFiles(stats, words)
	case "strip_dirs":
		return stats.StripDirs()
	case "sort_stats":
		return stats.Sort(words...)
	case "reverse_order":
		stats.Reverse()
		return nil
	case "print_stats":
		return stats.Print(out, limits...)
	case "print_callers":
		return stats.PrintCallers(out, limits...)
	case "print_callees":
		return stats.PrintCallees(out, limits...)
	}
	t.Fatalf("no step %v", step)
	return nil
}

func addFiles(stats *Stats, files []string) error {
	var others []*Stats
	for _, file := range files {
		other, err := Open(file)
		if err != nil {
			return err
		}
		others = append(others, other)
	}
	return stats.Add(others...)
}

func restriction(t *testing.T, argument any) Restriction {
	t.Helper()
	switch a := argument.(type) {
	case int:
		return Count(int64(a))
	case float64:
		return Fraction(a)
	case string:
		return Pattern(a)
	}
	t.Fatalf("no restriction %v", argument)
	return Restriction{}
}

// encode writes jobs for Python: floats keep a point, so that 1.0 stays a float.
func encode(t *testing.T, jobs []job) []byte {
	t.Helper()
	marked := make([]job, len(jobs))
	for i, j := range jobs {
		marked[i].Files = j.Files
		for _, step := range j.Steps {
			copied := slices.Clone(step)
			for k, argument := range copied {
				if f, ok := argument.(float64); ok {
					copied[k] = pythonFloat(f)
				}
			}
			marked[i].Steps = append(marked[i].Steps, copied)
		}
	}
	text, err := json.Marshal(marked)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

type pythonFloat float64

func (f pythonFloat) MarshalJSON() ([]byte, error) { return fmt.Appendf(nil, "%.17e", float64(f)), nil }

// compare does the jobs with CPython's pstats and with this package, in folder dir.
func compare(t *testing.T, py testpy.Python, dir string, jobs []job) {
	t.Helper()
	list, output := filepath.Join(dir, py.Version+"-jobs.json"), filepath.Join(dir, py.Version+"-output")
	if err := os.WriteFile(list, encode(t, jobs), 0o600); err != nil {
		t.Fatal(err)
	}
	runScript(t, py, "testdata/transcript.py", list, output)
	want, err := os.ReadFile(output)
	if err != nil {
		t.Fatal(err)
	}
	const enough = 5 // failures shown; more only repeat them
	failures, refused := 0, 0
	for number, got := range doAll(t, jobs) {
		if bytes.HasSuffix(got, []byte("!!! error\n")) {
			refused++
		}
		if bytes.HasPrefix(want, got) && startsJob(want[len(got):], number+1) {
			want = want[len(got):]
			continue
		}
		end := bytes.Index(want, fmt.Appendf(nil, "\n=== %d\n", number+1)) + 1
		if end == 0 {
			end = len(want)
		}
		t.Errorf("job %v\n(-CPython %s +cantil):\n%s", jobs[number], py.Version, cmp.Diff(lines(want[:end]), lines(got)))
		want = want[end:]
		if failures++; failures == enough {
			t.Fatal("and perhaps more")
		}
	}
	if len(want) > 0 {
		t.Errorf("CPython prints %d bytes more", len(want))
	}
	t.Logf("CPython %s: %d cases are equal byte for byte, of which %d end in an error", py.Version, len(jobs), refused)
}

// startsJob tells whether a transcript ends or goes on with the job of that number.
func startsJob(transcript []byte, number int) bool {
	return len(transcript) == 0 || bytes.HasPrefix(transcript, fmt.Appendf(nil, "=== %d\n", number))
}

// lines splits a text for a readable difference; %q shows blanks and bytes that are not UTF-8.
func lines(text []byte) []string {
	var quoted []string
	for line := range strings.Lines(string(text)) {
		quoted = append(quoted, fmt.Sprintf("%q", line))
	}
	return quoted
}

// doAll does the jobs with this package, on all processors, and returns what each prints.
func doAll(t *testing.T, jobs []job) [][]byte {
	t.Helper()
	printed := make([][]byte, len(jobs))
	var next atomic.Int64
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(jobs)); i = next.Add(1) - 1 {
				printed[i] = runJob(t, int(i), jobs[i])
			}
		})
	}
	workers.Wait()
	return printed
}

// runScript runs a script of testdata to its end.
func runScript(t *testing.T, py testpy.Python, script string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), py.Path, append([]string{"-I", script}, args...)...)
	if output, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("Python %s: %s: %v\n%s", py.Version, script, err, output)
	}
}

// TestPrintsAsPstats compares the transcripts of jobs over profiles of every program,
// made by every Python, read by every Python. By default some hundred jobs for each
// reader, taken by chance; with CANTIL_SLOW=all the full product over a profile of each
// program and profiler, dealt out among the readers; with CANTIL_SLOW=1 a 24th of it.
func TestPrintsAsPstats(t *testing.T) {
	pythons := testpy.All(t)
	dir := t.TempDir()
	made := collectProfiles(t, dir, pythons)
	for n, py := range pythons {
		t.Run("py"+py.Version, func(t *testing.T) {
			t.Parallel()
			switch os.Getenv("CANTIL_SLOW") {
			case "":
				compare(t, py, dir, someJobs(dir, made, n))
				t.Log("set CANTIL_SLOW=1 for a 24th of the full product, CANTIL_SLOW=all, with -timeout 3h, for all of it")
			case "1":
				compareAll(t, py, dir, made, n, 24)
			default:
				compareAll(t, py, dir, made, n, 1)
			}
		})
	}
}

// large is a program whose profiles have thousands of functions, which pstats takes long to list.
const large = "-many-"

// compareAll runs the nth reader's share of the full product for both profiles of
// every program, made by a version that differs from reader to reader, and many
// longer stories; of that share one in so many parts.
func compareAll(t *testing.T, py testpy.Python, dir string, made profiles, n, parts int) {
	t.Helper()
	random := rand.New(rand.NewPCG(uint64(n), 2))
	files := made.all(dir)
	readers := len(made.versions)
	for k, program := range made.programs {
		for _, letter := range []string{"c", "p"} {
			file := filepath.Join(dir, made.file(made.versions[(n+k)%readers], program, letter))
			other := filepath.Join(dir, made.file(made.versions[(n+k+1)%readers], program, letter))
			jobs := share(cases(file, []string{other, pick(random, files)}), readers*parts, n)
			if strings.Contains(file, large) {
				jobs = share(jobs, 20, n)
			}
			compare(t, py, dir, jobs)
		}
	}
	var stories []job
	for range 100 / parts {
		stories = append(stories, scenarios(files, random)...)
	}
	compare(t, py, dir, stories)
}

// TestPrintsCraftedAsPstats does the same for profiles that no program makes.
func TestPrintsCraftedAsPstats(t *testing.T) {
	pythons := testpy.All(t)
	dir := t.TempDir()
	count, perFile := 60, 2
	if os.Getenv("CANTIL_SLOW") == "1" {
		count, perFile = 250, 4
	}
	runScript(t, pythons[len(pythons)-1], "testdata/craft.py", dir, "1", strconv.Itoa(count))
	files, err := filepath.Glob(filepath.Join(dir, "*.prof"))
	if err != nil || len(files) != count {
		t.Fatalf("%d profiles of %d: %v", len(files), count, err)
	}
	for n, py := range pythons {
		t.Run("py"+py.Version, func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(uint64(n), 4))
			var jobs []job
			for _, file := range files {
				for range perFile {
					others := []string{pick(random, files), pick(random, files)}
					jobs = append(jobs, oneCase(file, others, pick(random, sorts), pick(random, restrictions), pick(random, views), random.IntN(8)))
				}
			}
			for range perFile {
				jobs = append(jobs, scenarios(files, random)...)
			}
			compare(t, py, dir, jobs)
		})
	}
}
