package run

import (
	"bytes"
	"os"
	"strconv"
	"syscall"
)

// orphansOf lists what lives of a run whose shim is gone, among the descendants of this process: the shim's session,
// and those that carry the run's folder in their environment. It waits for those that have ended.
func orphansOf(folder string, shim int) []process {
	mark := []byte("\x00" + FolderVariable + "=" + folder + "\x00")
	all := processes()
	var found []process
	for _, p := range all {
		if !comesOf(all, p, os.Getpid()) {
			continue
		}
		if p.zombie && p.parent == os.Getpid() && p.session == shim {
			_, _ = syscall.Wait4(p.pid, nil, syscall.WNOHANG, nil) // else it would stay in the list of processes
		}
		env, _ := os.ReadFile("/proc/" + strconv.Itoa(p.pid) + "/environ") // it may have ended
		if !p.zombie && (p.session == shim || bytes.Contains(append([]byte{0}, env...), mark)) {
			found = append(found, p)
		}
	}
	return found
}
