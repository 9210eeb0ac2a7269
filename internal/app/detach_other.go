//go:build !unix

package app

import "os/exec"

// detach does nothing: processes are on their own here.
func detach(*exec.Cmd) {}
