package run

import "golang.org/x/sys/windows"

// Alive says whether a process of that id runs. The id may have been given to another
// process meanwhile.
func Alive(pid int) bool {
	if pid <= 0 {
		return false
	}
	handle, err := windows.OpenProcess(windows.PROCESS_QUERY_LIMITED_INFORMATION, false, uint32(pid))
	if err != nil {
		return false
	}
	defer windows.CloseHandle(handle)
	const stillActive = 259
	var code uint32
	return windows.GetExitCodeProcess(handle, &code) == nil && code == stillActive
}
