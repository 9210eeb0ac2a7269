package remote

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// sleeper is a process that does nothing, ended with the test.
func sleeper(t *testing.T) *exec.Cmd {
	t.Helper()
	cmd := exec.Command("sleep", "60")
	if err := cmd.Start(); err != nil {
		t.Skipf("no sleep to run: %v", err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	return cmd
}

// opened is a process, closed with the test, and what it has mapped.
func opened(t *testing.T, pid int) (*Process, []Mapping) {
	t.Helper()
	p, err := Open(pid)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	maps, err := p.Maps()
	if err != nil {
		t.Fatal(err)
	}
	return p, maps
}

// TestReadOwnMemory reads what this process knows of itself.
func TestReadOwnMemory(t *testing.T) {
	p, err := Open(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	want := bytes.Repeat([]byte("memory "), 1000)
	addr := uint64(uintptr(unsafe.Pointer(&want[0])))
	got, tail := make([]byte, len(want)), make([]byte, 7)
	calls := p.Calls()
	n, err := p.ReadMany([]Range{{addr, got}, {addr + 7, tail}})
	if n != 2 || err != nil || !bytes.Equal(got, want) || string(tail) != "memory " {
		t.Errorf("%d ranges, %v", n, err)
	}
	if p.Calls() != calls+1 {
		t.Errorf("%d calls for two ranges", p.Calls()-calls)
	}
}

// TestShortReads: what is not there is an error with all that is known of it, and what
// stands before it counts.
func TestShortReads(t *testing.T) {
	p, maps := opened(t, os.Getpid())
	var edge uint64 // the end of a mapping that nothing follows
	for i, m := range maps[:len(maps)-1] {
		if m.Readable && m.Inode != 0 && maps[i+1].Start > m.End {
			edge = m.End
		}
	}
	if edge == 0 {
		t.Skip("no gap between mappings")
	}
	good, bad := make([]byte, 8), make([]byte, 64)
	n, err := p.ReadMany([]Range{{edge - 8, good}, {edge - 8, bad}, {edge - 8, good}})
	var short *ReadError
	if n != 1 || !errors.As(err, &short) || short.PID != os.Getpid() || short.Addr != edge-8 || short.Want != 64 || short.Got >= 64 {
		t.Errorf("%d ranges, %v", n, err)
	}
	if err := p.Read(8, good); !errors.As(err, &short) || short.Addr != 8 || !strings.Contains(err.Error(), "0x8") {
		t.Errorf("reading at 8: %v", err)
	}
	if err := p.Read(edge-8, nil); err == nil {
		t.Error("nothing was read without an error")
	}
	if _, err := p.ReadMany(make([]Range, MaxRanges+1)); err == nil {
		t.Error("too many ranges were read without an error")
	}
}

// TestByFile: where the system call is forbidden the file gives the same.
func TestByFile(t *testing.T) {
	cmd := sleeper(t)
	p, maps := opened(t, cmd.Process.Pid)
	byCall, byFile := make([]byte, 4096), make([]byte, 4096)
	if err := p.Read(maps[0].Start, byCall); err != nil {
		t.Fatal(err)
	}
	mem, err := os.Open(p.root + "/mem")
	if err != nil {
		t.Fatal(err)
	}
	q := &Process{pid: p.pid, root: p.root, mem: mem}
	defer q.Close()
	if err := q.Read(maps[0].Start, byFile); err != nil || !bytes.Equal(byCall, byFile) {
		t.Errorf("%v", err)
	}
	var short *ReadError
	if err := q.Read(8, byFile); !errors.As(err, &short) {
		t.Errorf("reading at 8: %v", err)
	}
}

// TestGone: a process that has ended is told from one whose memory has a hole.
func TestGone(t *testing.T) {
	cmd := sleeper(t)
	p, maps := opened(t, cmd.Process.Pid)
	buf := make([]byte, 8)
	if err := p.Read(8, buf); errors.Is(err, ErrGone) {
		t.Error("a process that lives is said to have ended")
	}
	cmd.Process.Kill()
	deadline := time.Now().Add(10 * time.Second)
	for p.alive() && time.Now().Before(deadline) {
		time.Sleep(time.Millisecond)
	}
	if err := p.Read(maps[0].Start, buf); !errors.Is(err, ErrGone) {
		t.Errorf("of a zombie: %v", err)
	}
	cmd.Wait()
	if err := p.Read(maps[0].Start, buf); !errors.Is(err, ErrGone) {
		t.Errorf("after the end: %v", err)
	}
	if _, err := Open(cmd.Process.Pid); !errors.Is(err, ErrGone) {
		t.Errorf("opening what has ended: %v", err)
	}
}

// TestSymbols finds a function of this very program where it is.
func TestSymbols(t *testing.T) {
	p, maps := opened(t, os.Getpid())
	exe, err := p.Exe()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range maps {
		if m.Path != exe {
			continue
		}
		image, err := p.Image(m, maps)
		if err != nil {
			t.Fatal(err)
		}
		defer image.Close()
		addr, size, ok := image.Section(".text")
		if !ok || size == 0 || !holds(maps, addr) {
			t.Errorf("the code is said to be at %#x", addr)
		}
		if len(image.Writable()) == 0 {
			t.Error("no variables")
		}
		return
	}
	t.Fatalf("%s is not mapped", exe)
}

func holds(maps []Mapping, addr uint64) bool {
	for _, m := range maps {
		if m.Holds(addr) && m.Executable {
			return true
		}
	}
	return false
}

// TestPermission says what is missing. It needs to be somebody else than root, which
// root can become.
func TestPermission(t *testing.T) {
	p := &Process{pid: os.Getppid(), root: "/proc/self"}
	what, fix := p.missing()
	if what == "" || fix == "" {
		t.Errorf("%q, %q", what, fix)
	}
	err := error(&PermissionError{7, what, fix, os.ErrPermission})
	if !errors.Is(err, os.ErrPermission) || !strings.Contains(err.Error(), "process 7") || !strings.Contains(err.Error(), fix) {
		t.Error(err)
	}
	for scope, part := range map[int]string{1: "sysctl", 2: "sudo", 3: "boot"} {
		if got := yamaFix(scope); !strings.Contains(got, part) {
			t.Errorf("ptrace_scope %d: %s", scope, got)
		}
	}
}

// TestKernelThread: a thread of the kernel is told as one.
func TestKernelThread(t *testing.T) {
	const kthreadd = 2
	name, err := os.ReadFile("/proc/2/comm")
	if err != nil || string(name) != "kthreadd\n" {
		t.Skip("NOT TESTED: no threads of the kernel are to be seen here, as in a container")
	}
	if _, err := Open(kthreadd); !errors.Is(err, ErrKernel) {
		t.Errorf("opening kthreadd: %v", err)
	}
}

// TestRefused provokes what can forbid reading, each in a process of its own, as nobody
// where another user is needed.
func TestRefused(t *testing.T) {
	if act := os.Getenv("CANTIL_TEST_ACT"); act != "" {
		fmt.Println("answer:", refusedActs[act]())
		return
	}
	if os.Geteuid() != 0 {
		t.Skip("only root can become another user: sudo go test")
	}
	program := programForAll(t)
	hidden := asNobody(program, "hide")
	out, err := hidden.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := hidden.Start(); err != nil {
		t.Skipf("this machine does not let another user run programs of the tests: %v", err)
	}
	t.Cleanup(func() {
		hidden.Process.Kill()
		hidden.Wait()
	})
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Fatalf("%q, %v", line, err)
	}
	root := sleeper(t).Process.Pid
	for _, c := range []struct {
		name  string
		cmd   *exec.Cmd
		pid   int
		parts []string
	}{
		{"another user", asNobody(program, "open"), root, []string{"is not permitted", "belongs to user 0", "this is user 65534", "sudo"}},
		{"not dumpable", asNobody(program, "open"), hidden.Process.Pid, []string{"is not permitted", "not dumpable", "sudo"}},
		{"a filter that leaves the file", asTest(program, "filtered"), root, []string{"answer: <nil>"}},
		{"a filter", asTest(program, "walled"), root, []string{"is not permitted", "seccomp filter", "seccomp=unconfined"}},
	} {
		c.cmd.Env = append(c.cmd.Env, "CANTIL_TEST_READ="+strconv.Itoa(c.pid))
		out, err := c.cmd.CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v\n%s", c.name, err, out)
		}
		for _, part := range c.parts {
			if !bytes.Contains(out, []byte(part)) {
				t.Errorf("%s: no %q in %s", c.name, part, out)
			}
		}
	}
}

// programForAll copies the test program to where every user can run it.
func programForAll(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, d := range []string{dir, filepath.Dir(dir)} {
		if err := os.Chmod(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(dir, "remote.test")
	if err := os.WriteFile(program, data, 0o755); err != nil {
		t.Fatal(err)
	}
	return program
}

func asTest(program, act string) *exec.Cmd {
	cmd := exec.Command(program, "-test.run", "^TestRefused$", "-test.v")
	cmd.Dir = "/"
	cmd.Env = append(os.Environ(), "CANTIL_TEST_ACT="+act)
	return cmd
}

func asNobody(program, act string) *exec.Cmd {
	cmd := asTest(program, act)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	return cmd
}

// refusedActs are what the processes of TestRefused do.
var refusedActs = map[string]func() error{
	"open": openNamed,
	"hide": func() error {
		if err := unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0); err != nil {
			return err
		}
		fmt.Println("hidden")
		time.Sleep(time.Minute)
		return nil
	},
	"filtered": func() error { return errors.Join(forbid(unix.SYS_PROCESS_VM_READV), openNamed()) },
	"walled":   func() error { return errors.Join(forbid(unix.SYS_PROCESS_VM_READV, unix.SYS_PREAD64), openNamed()) },
}

func openNamed() error {
	pid, err := strconv.Atoi(os.Getenv("CANTIL_TEST_READ"))
	if err != nil {
		return err
	}
	p, err := Open(pid)
	if err == nil {
		p.Close()
	}
	return err
}

// forbid has the kernel answer EPERM to system calls of this process, as the filters of
// containers do.
func forbid(calls ...uint32) error {
	filter := []unix.SockFilter{{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: 0}} // the number of the call
	for _, call := range calls {
		filter = append(filter,
			unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, Jf: 1, K: call},
			unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ERRNO | uint32(unix.EPERM)})
	}
	filter = append(filter, unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ALLOW})
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	program := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	_, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, unix.SECCOMP_FILTER_FLAG_TSYNC, uintptr(unsafe.Pointer(&program)))
	if errno != 0 {
		return errno
	}
	return nil
}
