package app

import (
	"os/exec"
	"syscall"
)

// createNewConsole is a flag of CreateProcess; package syscall has no name for it.
const createNewConsole = 0x10

// newConsole is a command with a console window of its own.
func newConsole(argv []string) *exec.Cmd {
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: createNewConsole}
	return cmd
}
