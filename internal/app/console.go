package app

import (
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// errNoConsole is the sentence for where there is nothing to open a window in.
var errNoConsole = errors.New("opening a window: there is neither a display nor tmux; start tmux and run it in there, or leave out --console")

// window is a command that opens a new terminal window and runs argv in it; it returns while that runs.
// where is a word for the user.
func window(argv []string, title string, getenv func(string) string) (cmd *exec.Cmd, where string, err error) {
	switch {
	case getenv("TMUX") != "":
		return exec.Command("tmux", append([]string{"new-window", "-d", "-n", title, "--"}, argv...)...), "tmux", nil
	case runtime.GOOS == "darwin":
		script := fmt.Sprintf("tell application \"Terminal\" to do script %s", appleQuote(shellLine(argv)))
		return exec.Command("osascript", "-e", script), "Terminal", nil
	case runtime.GOOS == "windows":
		return newConsole(argv), "a new console", nil
	case getenv("DISPLAY") == "" && getenv("WAYLAND_DISPLAY") == "":
		return nil, "", errNoConsole
	}
	terminal, err := findTerminal(getenv)
	if err != nil {
		return nil, "", err
	}
	return exec.Command(terminal, append(separator(terminal), argv...)...), filepath.Base(terminal), nil
}

// findTerminal is the program that the user prefers, else the system's.
func findTerminal(getenv func(string) string) (string, error) {
	names := []string{getenv("TERMINAL"), "x-terminal-emulator", "xterm", "gnome-terminal", "konsole", "kitty", "alacritty", "foot"}
	for _, name := range names {
		if path, err := exec.LookPath(name); name != "" && err == nil {
			return path, nil
		}
	}
	return "", errors.New("opening a window: no terminal program is installed; set TERMINAL, or install xterm")
}

// separator is what stands between a terminal program and the command it is to run.
func separator(terminal string) []string {
	switch filepath.Base(terminal) {
	case "gnome-terminal":
		return []string{"--"}
	case "kitty", "foot":
		return nil
	}
	return []string{"-e"}
}

// shellLine quotes a command for a POSIX shell.
func shellLine(argv []string) string {
	quoted := make([]string, len(argv))
	for i, arg := range argv {
		quoted[i] = "'" + strings.ReplaceAll(arg, "'", `'\''`) + "'"
	}
	return strings.Join(quoted, " ")
}

// appleQuote makes a string of AppleScript.
func appleQuote(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
}
