package run

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/cantil-py/cantil/internal/testpy"
)

func TestCgroupFolders(t *testing.T) {
	const (
		unified  = "31 23 0:28 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n"
		readOnly = "31 23 0:28 / /sys/fs/cgroup ro,nosuid - cgroup2 cgroup2 rw\n"
		partly   = "9 1 0:28 /a.slice /mnt/part rw - cgroup2 none rw\n"
		blank    = `9 1 0:28 / /mnt/a\040b rw - cgroup2 none rw` + "\n"
		version  = "32 31 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu\n"
		other    = "24 1 8:1 / / rw shared:1 master:2 - ext4 /dev/root rw\n"
	)
	for _, c := range []struct{ own, mounts, want string }{
		{"0::/a.slice/b.scope\n", other + unified, "/sys/fs/cgroup/a.slice/b.scope"},
		{"4:memory:/x\n0::/a.slice\n", version + unified + partly, "/sys/fs/cgroup/a.slice /mnt/part"},
		{"0::/\n", unified, "/sys/fs/cgroup"},
		{"0::/a.slicer\n", partly, ""},
		{"0::/a\\x2db.scope\n", unified, `/sys/fs/cgroup/a\x2db.scope`},
		{"0::/../elsewhere\n", unified, ""},
		{"0::/a\n", readOnly + blank + version, ""},
		{"0::/a\n", "9 1 0:28 /.. /mnt rw - cgroup2 none rw\n", ""},
		{"4:memory:/x\n", version, ""},
		{"0::/a\n", "31 cgroup2\n - cgroup2 \n\n- cgroup2 x", ""},
	} {
		if got := strings.Join(cgroupFolders(c.own, c.mounts), " "); got != c.want {
			t.Errorf("%q in %q: %q, want %q", c.own, c.mounts, got, c.want)
		}
	}
}

// delegation is a control group made for a test, in a mount that only the test's thread and what it starts can see.
type delegation struct {
	*testing.T
	folder string
}

// delegated makes one that is marked as systemd would. The test's goroutine keeps its thread, which ends with it.
func delegated(t *testing.T) *delegation {
	t.Helper()
	runtime.LockOSThread()
	if err := unix.Unshare(unix.CLONE_NEWNS); err != nil {
		t.Skipf("a private mount namespace: %v; run the tests as root", err)
	}
	mount, err := os.MkdirTemp("", "cantil-cgroup")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Remove(mount) }) // never what is in it
	err = unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, "")
	if err == nil {
		err = unix.Mount("none", mount, "cgroup2", 0, "")
	}
	if err != nil {
		t.Skipf("mounting cgroup2: %v; run the tests as root, outside of a container that forbids it", err)
	}
	t.Cleanup(func() { _ = unix.Unmount(mount, unix.MNT_DETACH) })
	d := &delegation{t, filepath.Join(mount, "cantil-test-"+strconv.Itoa(os.Getpid())+"-"+strings.ReplaceAll(t.Name(), "/", "-"))}
	if err := os.Mkdir(d.folder, 0o755); err != nil {
		t.Skipf("%v; run the tests where control groups can be made", err)
	}
	t.Cleanup(d.removed)
	if _, err := os.Stat(filepath.Join(d.folder, "cgroup.kill")); err != nil {
		t.Skipf("%v; it is there since Linux 5.14", err)
	}
	d.mark("1")
	return d
}

func (d *delegation) mark(value string) {
	d.Helper()
	if err := unix.Setxattr(d.folder, "trusted.delegate", []byte(value), 0); err != nil {
		d.Skipf("marking a control group: %v; run the tests as root", err)
	}
}

// groups lists those that are in the delegated one.
func (d *delegation) groups() []string {
	found, _ := filepath.Glob(d.folder + "/cantil-*")
	return found
}

// removed fails if the group still holds something.
func (d *delegation) removed() {
	for _, group := range d.groups() {
		d.Errorf("%s is left", group)
		_ = os.WriteFile(filepath.Join(group, "cgroup.kill"), []byte("1"), 0)
		cgroup(group).remove()
	}
	cgroup(d.folder).remove()
	if _, err := os.Stat(d.folder); err == nil {
		d.Errorf("%s cannot be removed", d.folder)
	}
}

// front starts a front within the delegated group.
func (d *delegation) front(spec Spec) *exec.Cmd {
	d.Helper()
	dir, err := os.Open(d.folder)
	if err != nil {
		d.Fatal(err)
	}
	defer dir.Close()
	cmd := frontCommand(d.T, spec)
	cmd.SysProcAttr.UseCgroupFD, cmd.SysProcAttr.CgroupFD = true, int(dir.Fd())
	if err := cmd.Start(); err != nil {
		d.Skipf("starting a process in a control group: %v", err)
	}
	return cmd
}

// bombProgram keeps forking and ending at once, in sessions of their own: always so many processes, none of which lives
// for long enough to be listed and signalled with certainty. It ends by itself, should the test fail.
const bombProgram = `
import os, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
end = time.time() + 20
for i in range(10):
    if os.fork() == 0:
        while time.time() < end:
            if os.fork(): os._exit(0)
            os.setsid()
        os._exit(0)
`

// bomb is a tree of all kinds, with a fork bomb in it.
func bomb(t *testing.T) (Spec, string) {
	t.Helper()
	spec, word := tree(t, "fork", "setsid", "daemon", "deaf", "stopped")
	spec.Argv[2] = bombProgram + strings.TrimPrefix(treeProgram, "\nimport os, signal, sys, time\n")
	spec.Grace = 100 * time.Millisecond
	return spec, word
}

// TestADelegatedCgroupEndsAForkBomb, and a process that only the group reaches, since it does not come of the run.
func TestADelegatedCgroupEndsAForkBomb(t *testing.T) {
	d := delegated(t)
	spec, word := bomb(t)
	spec.Timeout = 700 * time.Millisecond
	stranger := exec.Command("sleep", "20")
	if err := stranger.Start(); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	front := d.front(spec)
	var seen []string
	eventually(t, "the group", func() bool { seen = d.groups(); return len(seen) > 0 })
	if err := os.WriteFile(filepath.Join(seen[0], "cgroup.procs"), []byte(strconv.Itoa(stranger.Process.Pid)), 0); err != nil {
		t.Fatal(err)
	}
	_ = front.Wait() // the outcome is looked at
	t.Logf("the run took %v", time.Since(began))
	assertNone(t, word)
	assertKilled(t, stranger)
	o, err := ReadOutcome(spec.Folder)
	if err != nil || o.Status != TimedOut || !o.Killed || o.LeftRunning != nil || len(seen) != 1 {
		t.Errorf("%+v, %v, in %s", o, err, seen)
	}
	eventually(t, "the end of the group", func() bool { return d.groups() == nil })
}

func TestAKilledShimsCgroupIsEndedByTheFront(t *testing.T) {
	d := delegated(t)
	spec, word := bomb(t)
	front := d.front(spec)
	stands(t, spec)
	groups := d.groups()
	if len(groups) != 1 {
		t.Fatalf("groups: %s", groups)
	}
	shim, _ := strconv.Atoi(strings.TrimPrefix(filepath.Base(groups[0]), "cantil-"))
	if p, ok := processOf(shim); !ok || p.parent != front.Process.Pid {
		t.Fatalf("%s is not named after the shim", groups[0])
	}
	if err := syscall.Kill(shim, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = front.Wait() // its code is looked at
	if front.ProcessState.ExitCode() != 125 {
		t.Errorf("the front ended with %d", front.ProcessState.ExitCode())
	}
	assertNone(t, word)
	if left := d.groups(); left != nil {
		t.Errorf("%s is left", left)
	}
}

// TestWhereTheProgramIs: in a group of its own only if that is allowed and possible; and it runs in any case.
func TestWhereTheProgramIs(t *testing.T) {
	for _, c := range []struct {
		name  string
		make  func(*delegation)
		group bool
	}{
		{"delegated", func(*delegation) {}, true},
		{"not delegated", func(d *delegation) { d.mark("0") }, false},
		{"no more groups", func(d *delegation) { d.write("cgroup.max.descendants", "0") }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := delegated(t)
			c.make(d)
			spec := sh(t, `grep ^0:: /proc/self/cgroup`)
			front := d.front(spec)
			_ = front.Wait() // what the program prints is looked at
			out := strings.TrimSpace(content(t, spec.Folder, StdoutFile))
			own := strings.HasPrefix(filepath.Base(out), "cantil-") && filepath.Base(filepath.Dir(out)) == filepath.Base(d.folder)
			if front.ProcessState.ExitCode() != 0 || own != c.group || (!own && filepath.Base(out) != filepath.Base(d.folder)) {
				t.Errorf("code %d, in %q", front.ProcessState.ExitCode(), out)
			}
			eventually(t, "the end of the group", func() bool { return d.groups() == nil })
		})
	}
}

func (d *delegation) write(name, text string) {
	d.Helper()
	if err := os.WriteFile(filepath.Join(d.folder, name), []byte(text), 0); err != nil {
		d.Fatal(err)
	}
}

func TestWhatOutlivesTheProgramStaysInItsCgroup(t *testing.T) {
	d := delegated(t)
	spec := sh(t, `sleep 30 >/dev/null 2>&1 </dev/null & echo $!`)
	_ = d.front(spec).Wait() // the outcome is looked at
	o, err := ReadOutcome(spec.Folder)
	if err != nil || o.Code != 0 || len(o.LeftRunning) != 1 || len(d.groups()) != 1 {
		t.Fatalf("%+v, %v, in %s", o, err, d.groups())
	}
	held, err := os.ReadFile(filepath.Join(d.groups()[0], "cgroup.procs"))
	if err != nil || !slices.Contains(strings.Fields(string(held)), strconv.Itoa(o.LeftRunning[0])) {
		t.Errorf("the group holds %q, %v", held, err)
	}
	g := cgroup(d.groups()[0])
	g.kill()
	eventually(t, "its end", func() bool { return !Alive(o.LeftRunning[0]) })
	g.remove()
}

func TestAProgramThatThereIsNotLeavesNoCgroup(t *testing.T) {
	d := delegated(t)
	front := d.front(Spec{Argv: []string{"/nowhere/at all"}, Folder: t.TempDir()})
	_ = front.Wait() // its code is looked at
	if code := front.ProcessState.ExitCode(); code != 125 {
		t.Errorf("the front ended with %d", code)
	}
	eventually(t, "the end of the group", func() bool { return d.groups() == nil })
}

func assertKilled(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	err := cmd.Wait()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		t.Errorf("%s ended with %v", cmd.Path, err)
	}
}

// TestCgroupKill: the group ends what nothing else ends here.
func TestCgroupKill(t *testing.T) {
	d := delegated(t)
	g := cgroup(filepath.Join(d.folder, "cantil-1"))
	if err := os.Mkdir(string(g), cgroupMode); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(testpy.Newest(t).Path, "-c", bombProgram+"print('stands', flush=True)\ntime.sleep(20)")
	cmd.SysProcAttr = &syscall.SysProcAttr{}
	defer g.startIn(cmd.SysProcAttr).Close()
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := out.Read(make([]byte, 7)); err != nil {
		t.Error(err)
	}
	g.kill()
	assertKilled(t, cmd)
	g.remove()
	if _, err := os.Stat(string(g)); err == nil {
		t.Errorf("%s is left", g)
	}
}
