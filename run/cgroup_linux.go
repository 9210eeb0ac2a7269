package run

import (
	"bufio"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

const (
	// maxTable bounds what is read of /proc/self/cgroup and mountinfo: some ten thousand mounts.
	maxTable = 1 << 20
	// removeFor bounds how long we wait for processes that were killed to leave the group: it takes some milliseconds.
	removeFor  = 200 * time.Millisecond
	cgroupMode = 0o755
)

// cgroup is the folder of a control group (version 2) that holds the program and all that comes of it, "" for none. With
// one write the kernel ends them all, also those that fork faster than we can list them; see cgroups(7).
type cgroup string

// newCgroup makes one below our own, if that was delegated to us. Most often it was not; every failure means none.
func newCgroup() cgroup {
	own := delegatedCgroup()
	if own == "" {
		return ""
	}
	g := cgroup(filepath.Join(own, "cantil-"+strconv.Itoa(os.Getpid())))
	err := os.Mkdir(string(g), cgroupMode)
	if errors.Is(err, fs.ErrExist) { // an earlier process of our id left it; one that holds processes stays
		_ = unix.Rmdir(string(g))
		err = os.Mkdir(string(g), cgroupMode)
	}
	if err != nil {
		return ""
	}
	if unix.Access(g.killer(), unix.W_OK) != nil { // it is there since Linux 5.14
		_ = unix.Rmdir(string(g))
		return ""
	}
	return g
}

// delegatedCgroup is our own group's folder, if processes in it may make groups below: who gave it to us says so by an
// attribute, as systemd does with Delegate=yes. All others are their makers' to divide.
func delegatedCgroup() string {
	own := readTable("/proc/self/cgroup")
	if !strings.Contains("\n"+own, "\n0::") {
		return ""
	}
	for _, folder := range cgroupFolders(own, readTable("/proc/self/mountinfo")) {
		if isDelegated(folder) {
			return folder
		}
	}
	return ""
}

func readTable(path string) string {
	file, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer file.Close()
	content, _ := io.ReadAll(io.LimitReader(file, maxTable)) // what could be read is what there is
	return string(content)
}

// cgroupFolders lists where the version 2 group of a /proc/PID/cgroup can be seen and written, see proc_pid_mountinfo(5).
// A mount with a blank in its path, which is written as an escape, is not looked at.
func cgroupFolders(own, mounts string) []string {
	_, own, _ = strings.Cut("\n"+own, "\n0::")
	own, _, _ = strings.Cut(own, "\n")
	var folders []string
	for lines := bufio.NewScanner(strings.NewReader(mounts)); lines.Scan(); {
		before, after, _ := strings.Cut(lines.Text(), " - ")
		fields := strings.Fields(before)
		if !strings.HasPrefix(after, "cgroup2 ") || len(fields) < 6 || strings.Contains(before, `\`) {
			continue
		}
		root, mount, options := fields[3], fields[4], fields[5]
		if filepath.Clean(own) != own || filepath.Clean(root) != root { // "/../x" is outside of our namespace
			continue
		}
		below, err := filepath.Rel(root, own)
		if err == nil && filepath.IsLocal(below) && strings.HasPrefix(options, "rw") {
			folders = append(folders, filepath.Join(mount, below))
		}
	}
	return folders
}

func isDelegated(folder string) bool {
	for _, name := range []string{"user.delegate", "trusted.delegate"} { // the second is older, and shown to root alone
		var value [2]byte
		if n, err := unix.Getxattr(folder, name, value[:]); err == nil && string(value[:n]) == "1" {
			return true
		}
	}
	return false
}

func (g cgroup) killer() string { return filepath.Join(string(g), "cgroup.kill") }

// startIn lets a process be started in the group. The file is to be closed after that; it may be nil.
func (g cgroup) startIn(attr *syscall.SysProcAttr) *os.File {
	if g == "" {
		return nil
	}
	dir, err := os.Open(string(g))
	if err != nil {
		return nil
	}
	attr.UseCgroupFD, attr.CgroupFD = true, int(dir.Fd())
	return dir
}

// kill sends SIGKILL to all in the group, and to those they make meanwhile. It does not wait for their ends.
func (g cgroup) kill() {
	if g == "" {
		return
	}
	file, err := os.OpenFile(g.killer(), os.O_WRONLY, 0)
	if err != nil {
		return // the sweep goes on without it
	}
	_, _ = file.WriteString("1")
	file.Close()
}

// remove takes the group away; one that still holds processes after a while is left.
func (g cgroup) remove() {
	if g == "" {
		return
	}
	deadline := time.Now().Add(removeFor)
	for pause := time.Millisecond; unix.Rmdir(string(g)) == unix.EBUSY && time.Now().Before(deadline); pause *= 2 {
		time.Sleep(pause)
	}
}
