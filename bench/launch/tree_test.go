//go:build unix

package launch

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"testing"
	"time"
)

// treeVariable makes this test the program that is measured: see [tree].
const treeVariable = "CANTIL_TEST_TREE"

// held is what each process of a tree takes.
const held = 64 << 20

// tree holds memory as it was told to, for as long as many looks take.
func tree(role string) {
	const long = 400 * time.Millisecond
	switch role {
	case "pair": // two children at a time
		var both []*exec.Cmd
		for range 2 {
			both = append(both, again("hold"))
		}
		for _, c := range both {
			check(c.Start())
		}
		for _, c := range both {
			check(c.Wait())
		}
	case "orphan": // its child outlives its own child, and then itself
		c := again("leave")
		check(c.Run())
		time.Sleep(long)
	case "leave":
		check(again("hold").Start())
	case "hold":
		touch(held)
		time.Sleep(long)
	case "spawn": // what is started shares the memory of its parent up to exec
		b := touch(3 * held)
		for began := time.Now(); time.Since(began) < 2*long; {
			check(exec.Command("/bin/true").Run())
		}
		b[0] = 1
	}
}

func again(role string) *exec.Cmd {
	path, err := os.Executable()
	check(err)
	c := exec.Command(path)
	c.Env = append(os.Environ(), treeVariable+"="+role)
	return c
}

func touch(n int) []byte {
	b := make([]byte, n)
	for i := 0; i < len(b); i += os.Getpagesize() {
		b[i] = 1
	}
	return b
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// TestTree: what several processes hold together is seen, once; that of one process is not looked for.
func TestTree(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("NOT TESTED: only on Linux several processes are looked at")
	}
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	l := open(t)
	const overhead = 40 << 20 // what a Go program needs by itself, three times
	for role, c := range map[string]struct {
		least, most int64
		several     bool
	}{
		"hold":   {held, held + overhead, false},
		"pair":   {2 * held, 2*held + overhead, true},
		"orphan": {held, held + overhead, true},
		"spawn":  {3 * held, 3*held + overhead, true},
	} {
		n, err := l.Add(Command{Argv: []string{path}, Env: append(os.Environ(), treeVariable+"="+role)})
		if err != nil {
			t.Fatal(err)
		}
		u, err := l.Run(t.Context(), n, -1)
		if err != nil || u.Code != 0 || u.Peak < c.least || u.Peak > c.most || u.Several != c.several {
			t.Errorf("%s: %+v, %v; want a peak of %d to %d, several %v", role, u, err, c.least, c.most, c.several)
		}
	}
}
