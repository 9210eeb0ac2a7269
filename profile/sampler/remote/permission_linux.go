package remote

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// explain finds out why the process may not be read. The rules are those of
// ptrace(2), "Ptrace access mode checking": same user, dumpable, then the security
// modules, or CAP_SYS_PTRACE in place of all of them.
func (p *Process) explain(err error) error {
	if errors.Is(err, os.ErrNotExist) || errors.Is(err, unix.ESRCH) {
		return p.gone(err)
	}
	missing, fix := p.missing()
	return &PermissionError{p.pid, missing, fix, err}
}

func (p *Process) missing() (what, fix string) {
	own, target := status("/proc/self"), status(p.root)
	me := os.Geteuid()
	switch {
	case hasPtrace(own) && target["Uid"] != "" && own["Seccomp"] == "2":
		return "a seccomp filter forbids it although this process has CAP_SYS_PTRACE",
			"start the container with --security-opt seccomp=unconfined"
	case hasPtrace(own):
		return "this process has CAP_SYS_PTRACE, but a security module or another user namespace forbids it",
			"run it in the namespace of that process, or as root on the host"
	case me == 0:
		return "this is root, but without the capability CAP_SYS_PTRACE",
			"start the container with --cap-add SYS_PTRACE"
	}
	for _, uid := range strings.Fields(target["Uid"]) { // real, effective, saved and of files: all must be ours
		if uid != strconv.Itoa(me) {
			return fmt.Sprintf("it belongs to user %s and this is user %d", uid, me), "run the same command with sudo"
		}
	}
	if scope := yama(); scope > 0 {
		return fmt.Sprintf("Yama lets a process read only its own children (kernel.yama.ptrace_scope is %d)", scope),
			yamaFix(scope)
	}
	if p.ownedByRoot() {
		return "it is not dumpable: it has changed its user or was made private (see prctl(2), PR_SET_DUMPABLE)",
			"run the same command with sudo"
	}
	return "the capability CAP_SYS_PTRACE is missing", "run the same command with sudo"
}

func yamaFix(scope int) string {
	if scope >= 3 {
		return "it cannot be changed before the next boot; let cantil start the program instead"
	}
	if scope == 2 {
		return "run the same command with sudo"
	}
	return "sudo sysctl kernel.yama.ptrace_scope=0, or run the same command with sudo, or let cantil start the program"
}

// status reads the fields of a status file; none where it cannot be read.
func status(dir string) map[string]string {
	text, err := os.ReadFile(dir + "/status")
	if err != nil {
		return nil
	}
	fields := map[string]string{}
	for line := range strings.Lines(string(text)) {
		name, value, _ := strings.Cut(line, ":")
		fields[name] = strings.TrimSpace(value)
	}
	return fields
}

func hasPtrace(status map[string]string) bool {
	caps, err := strconv.ParseUint(status["CapEff"], 16, 64)
	return err == nil && caps&(1<<unix.CAP_SYS_PTRACE) != 0
}

// yama is kernel.yama.ptrace_scope, 0 where there is no Yama.
func yama() int {
	text, err := os.ReadFile("/proc/sys/kernel/yama/ptrace_scope")
	if err != nil {
		return 0
	}
	scope, _ := strconv.Atoi(strings.TrimSpace(string(text)))
	return scope
}

// ownedByRoot: of a process that is not dumpable the kernel gives what lies in its folder
// to root, but not the folder.
func (p *Process) ownedByRoot() bool {
	info, err := os.Stat(p.root + "/maps")
	if err != nil {
		return false
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	return ok && st.Uid == 0
}
