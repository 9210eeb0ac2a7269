package launch

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestLeftovers: what an earlier run left behind is not of the next, and is collected when it has ended.
func TestLeftovers(t *testing.T) {
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	l := open(t)
	leave, err := l.Add(Command{Argv: []string{path}, Env: append(os.Environ(), treeVariable+"=leave")})
	if err != nil {
		t.Fatal(err)
	}
	note := filepath.Join(t.TempDir(), "pid")
	short := shell(t, l, Command{}, "(sleep 0.1; echo done > "+note+") & exit 0")
	idle := shell(t, l, Command{}, "sleep 0.2")
	for _, n := range []int{leave, short} {
		if u, err := l.Run(t.Context(), n, -1); err != nil || u.Code != 0 {
			t.Fatalf("%+v, %v", u, err)
		}
	}
	waitFor(note)
	time.Sleep(20 * time.Millisecond) // no tick of the next program's start is one of theirs
	u, err := l.Run(t.Context(), idle, -1)
	if err != nil || u.Peak >= held {
		t.Errorf("what was left is counted: %+v, %v", u, err)
	}
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(time.Millisecond) { // it collects once it has answered
		switch left := children(l.process.Pid); {
		case len(left) == 1 && !zombie(left[0]):
			return
		case time.Now().After(deadline):
			t.Fatalf("the launcher has the children %v, of which one was to be left", left)
		}
	}
}
