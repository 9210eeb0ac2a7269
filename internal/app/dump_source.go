package app

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// maxSource bounds a file of which a line is shown; generated code may be longer than
// anyone reads.
const maxSource = 16 << 20

// sources are the files of a process, as it sees them.
type sources struct {
	pid   int
	start time.Time           // of the process; zero where it cannot be told
	files map[string][]string // their lines, by the name that the code has
	newer []string            // changed since the process began: not shown
}

func newSources(pid int) *sources {
	return &sources{pid: pid, start: startOf(pid), files: map[string][]string{}}
}

// line is a line of a file, without blanks around it; "" where there is none, or where
// the file is newer than the process, which then runs something else.
func (s *sources) line(file string, number int) string {
	lines, known := s.files[file]
	if !known {
		lines = s.read(file)
		s.files[file] = lines
	}
	if number < 1 || number > len(lines) {
		return ""
	}
	return strings.TrimSpace(lines[number-1])
}

// read opens a file below the root folder of the process; what the code calls
// "<string>" or "<frozen os>" is none.
func (s *sources) read(file string) []string {
	if file == "" || file[0] == '<' {
		return nil
	}
	path := file
	if !filepath.IsAbs(path) {
		cwd, err := os.Readlink(procFile(s.pid, "cwd"))
		if err != nil {
			return nil
		}
		path = filepath.Join(cwd, path)
	}
	path = filepath.Join(procFile(s.pid, "root"), path)
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxSource {
		return nil
	}
	if !s.start.IsZero() && info.ModTime().After(s.start) {
		if !slices.Contains(s.newer, file) {
			s.newer = append(s.newer, file)
		}
		return nil
	}
	text, err := readAtMost(path, maxSource)
	if err != nil {
		return nil
	}
	return strings.Split(string(text), "\n")
}

// ticks is how many of the kernel's clock ticks a second has, in what it tells programs.
const ticks = 100

// startOf is when a process began: so many ticks after the machine did.
func startOf(pid int) time.Time {
	fields := statOf(pid)
	text, err := readAtMost("/proc/stat", maxSource)
	if err != nil || len(fields) < 20 {
		return time.Time{}
	}
	after, err := strconv.ParseInt(fields[19], 10, 64)
	if err != nil {
		return time.Time{}
	}
	for line := range strings.Lines(string(text)) {
		if boot, ok := strings.CutPrefix(line, "btime "); ok {
			seconds, err := strconv.ParseInt(strings.TrimSpace(boot), 10, 64)
			if err == nil {
				// btime is cut to seconds.
				return time.Unix(seconds+1, 0).Add(time.Duration(after) * time.Second / ticks)
			}
		}
	}
	return time.Time{}
}
