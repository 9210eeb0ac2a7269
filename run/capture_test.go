package run

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/cantil-py/cantil/internal/testpy"
)

// assertIndex fails unless the index adds up to the logs, in order of time. It returns its lines.
func assertIndex(t *testing.T, folder string) []string {
	t.Helper()
	text := content(t, folder, IndexFile)
	var sums [2]int64
	last := -1.0
	lines := strings.SplitAfter(text, "\n")
	lines = lines[:len(lines)-1]
	for _, line := range lines {
		stream, length, err := parseLine([]byte(line))
		if err != nil {
			t.Fatal(err)
		}
		sums[stream] += length
		var at float64
		if _, err := fmt.Sscan(line, &at); err != nil || at < last {
			t.Errorf("%q comes after a line of %f s, %v", line, last, err)
		}
		last = at
	}
	for i, name := range []string{StdoutFile, StderrFile} {
		if info, err := os.Stat(filepath.Join(folder, name)); err != nil || info.Size() != sums[i] {
			t.Errorf("the index has %d bytes of %s, which has %d, %v", sums[i], name, info.Size(), err)
		}
	}
	return lines
}

// followed returns what Follow shows of a run.
func followedOutput(t *testing.T, folder string) (stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	if err := Follow(t.Context(), folder, &out, &errs, nil); err != nil {
		t.Fatal(err)
	}
	return out.String(), errs.String()
}

func TestEveryByteIsKept(t *testing.T) {
	spec := sh(t, `printf 'a\0b\r\n\377'; printf 'e\n' >&2; printf 'no end'`)
	o := ended(t, spec)
	out, errs := followedOutput(t, spec.Folder)
	if want := "a\x00b\r\n\xffno end"; content(t, spec.Folder, StdoutFile) != want || out != want || o.StdoutBytes != int64(len(want)) {
		t.Errorf("%q, %q, %+v", content(t, spec.Folder, StdoutFile), out, o)
	}
	if errs != "e\n" || o.StderrBytes != 2 {
		t.Errorf("%q, %+v", errs, o)
	}
	assertIndex(t, spec.Folder)
	assertOnly(t, spec.Folder, OutcomeFile, StdoutFile, StderrFile, IndexFile)
}

// TestTheOrderOfTheStreamsIsKept, where they are a moment apart.
func TestTheOrderOfTheStreamsIsKept(t *testing.T) {
	spec := sh(t, `for i in 1 2 3 4 5 6; do echo o$i; sleep 0.02; echo e$i >&2; sleep 0.02; done`)
	ended(t, spec)
	var both bytes.Buffer
	if err := Follow(t.Context(), spec.Folder, &both, &both, nil); err != nil {
		t.Fatal(err)
	}
	if want := "o1\ne1\no2\ne2\no3\ne3\no4\ne4\no5\ne5\no6\ne6\n"; both.String() != want {
		t.Errorf("%q", both.String())
	}
}

func TestAFloodIsKeptWhole(t *testing.T) {
	spec := sh(t, `yes 0123456789abcde | head -c 80000000; yes fedcba987654321 | head -c 20000000 >&2; exit 4`)
	o := ended(t, spec)
	if o.StdoutBytes != 80e6 || o.StderrBytes != 20e6 || o.Code != 4 {
		t.Errorf("%+v", o)
	}
	assertIndex(t, spec.Folder)
	for name, line := range map[string]string{StdoutFile: "0123456789abcde\n", StderrFile: "fedcba987654321\n"} {
		if text := content(t, spec.Folder, name); strings.Count(text, line)*len(line) != len(text) {
			t.Errorf("%s is not what was written", name)
		}
	}
}

// TestSingleBytes: the index stays small.
func TestSingleBytes(t *testing.T) {
	py := testpy.Newest(t)
	const n = 20000
	spec := Spec{Argv: []string{py.Path, "-c", fmt.Sprintf("import os\nfor i in range(%d): os.write(1, b'abcdefghij'[i%%10:i%%10+1])", n)}, Folder: t.TempDir()}
	o := ended(t, spec)
	if got := content(t, spec.Folder, StdoutFile); got != strings.Repeat("abcdefghij", n/10) {
		t.Errorf("%d bytes were kept, or others", len(got))
	}
	if lines := assertIndex(t, spec.Folder); float64(len(lines)) > 2000*o.Wall+10 {
		t.Errorf("the index has %d lines for %v s", len(lines), o.Wall)
	}
}

// TestAReaderThatIsGone is found by the program as it would be plainly: it ends by SIGPIPE.
func TestAReaderThatIsGone(t *testing.T) {
	spec := sh(t, "exec yes")
	p := start(t, spec)
	if err := p.Show(t.Context(), &brokenWriter{}, nil, nil); err != nil {
		t.Fatal(err)
	}
	if o := wait(t, p); o.Signal != "SIGPIPE" || o.Status != Signalled {
		t.Errorf("%+v", o)
	}
}

type brokenWriter struct{}

func (*brokenWriter) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestFollowShowsWhatIsNew(t *testing.T) {
	spec := sh(t, `for i in 1 2 3; do echo $i; read x; done`)
	in, tell, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	spec.Stdin = in
	p := start(t, spec)
	in.Close()
	out := make(chanWriter, 10)
	shown := make(chan error, 1)
	go func() { shown <- Follow(context.Background(), spec.Folder, out, nil, nil) }()
	for _, want := range []string{"1\n", "2\n", "3\n"} {
		if got := <-out; got != want {
			t.Errorf("%q, want %q", got, want)
		}
		if _, err := tell.WriteString("\n"); err != nil {
			t.Fatal(err)
		}
	}
	if err := <-shown; err != nil {
		t.Error(err)
	}
	wait(t, p)
}

type chanWriter chan string

func (c chanWriter) Write(b []byte) (int, error) { c <- string(b); return len(b), nil }

// TestFollowEndsWithTheShim, also when it was killed, and shows what no line of the index names.
func TestFollowEndsWithTheShim(t *testing.T) {
	shell(t)
	folder := t.TempDir()
	for name, text := range map[string]string{StdoutFile: "onetwothree", StderrFile: "e", IndexFile: "0.1 o 3\n0.2 e 1\n0.3 o 3\n0.4 o"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if out, errs := followedOutput(t, folder); out != "onetwothree" || errs != "e" {
		t.Errorf("%q, %q", out, errs)
	}
}

func TestFollowRefusesADamagedIndex(t *testing.T) {
	shell(t)
	for _, index := range []string{"x\n", "0.1 o\n", "0.1 x 3\n", "0.1 o -3\n", "0.1 o 99999999999999999999\n", strings.Repeat("1", 70000)} {
		folder := t.TempDir()
		for name, text := range map[string]string{StdoutFile: "abc", StderrFile: "", IndexFile: index} {
			if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if err := Follow(t.Context(), folder, &bytes.Buffer{}, nil, nil); err == nil || !strings.Contains(err.Error(), IndexFile) {
			t.Errorf("%.40q: %v", index, err)
		}
	}
}

func TestDamagedOutcomes(t *testing.T) {
	for text, want := range map[string]string{
		"{": "unexpected", `{"status":"fine"}`: "unknown status", `{"status":1}`: "cannot unmarshal", strings.Repeat(" ", 2<<20): "longer",
	} {
		folder := t.TempDir()
		if err := os.WriteFile(filepath.Join(folder, OutcomeFile), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadOutcome(folder); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), folder) {
			t.Errorf("%.20q: %v", text, err)
		}
	}
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, OutcomeFile), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadOutcome(folder); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("an empty outcome: %v", err)
	}
}

// TestAFullDisk needs a small disk of its own.
func TestAFullDisk(t *testing.T) {
	disk := smallDisk(t)
	for _, onFull := range []OnFull{StopOnFull, ContinueOnFull} {
		folder := filepath.Join(disk, "run"+string(onFull))
		if err := os.Mkdir(folder, 0o700); err != nil {
			t.Fatal(err)
		}
		spec := sh(t, `yes 0123456789abcde | head -c 8000000; echo done`)
		if onFull == StopOnFull {
			spec = sh(t, `exec yes 0123456789abcde`)
		}
		spec.Folder, spec.OnFull = folder, onFull
		p := start(t, spec)
		var out bytes.Buffer
		var said []string
		if err := p.Show(t.Context(), &out, nil, func(line string) { said = append(said, line) }); err != nil {
			t.Fatal(err)
		}
		o := wait(t, p)
		if o.FullDisk == "" || !strings.Contains(o.FullDisk, "no space left") || len(said) != 1 || o.StdoutBytes < 1<<20 || o.StdoutBytes > 4<<20 {
			t.Errorf("on full %q: %+v, said %q", onFull, o, said)
		}
		switch onFull {
		case StopOnFull:
			if o.Status != Stopped || o.Signal != "SIGTERM" {
				t.Errorf("%+v", o)
			}
		case ContinueOnFull:
			if o.Status != Exited || out.Len() != 8000005 || !strings.HasSuffix(out.String(), "\ndone\n") {
				t.Errorf("%d bytes were shown, %+v", out.Len(), o)
			}
		}
		if err := os.RemoveAll(folder); err != nil {
			t.Fatal(err)
		}
		eventually(t, "room on the disk, which the shim holds", func() bool { return !Alive(p.ShimPID()) })
	}
}

// smallDisk is one of 4 MiB.
func smallDisk(t *testing.T) string {
	t.Helper()
	if runtime.GOOS != "linux" || os.Getuid() != 0 {
		t.Skip("NOT TESTED: a full disk needs a small one, which root alone can make: run the tests as root on Linux")
	}
	dir := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("NOT TESTED: a full disk needs a small one, and mount says: %s", out)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", "-l", dir).CombinedOutput(); err != nil {
			t.Errorf("umount: %s", out)
		}
	})
	return dir
}
