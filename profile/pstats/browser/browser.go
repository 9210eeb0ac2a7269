package browser

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/cantil-py/cantil/profile/pstats"
)

// LineReader asks for one line. It shows the prompt, and returns the line without its
// end, io.EOF after the last one, or [ErrInterrupted].
type LineReader interface {
	ReadLine(prompt string) (string, error)
}

// ErrInterrupted is what a [LineReader] returns for Ctrl-C. It ends the session at once.
var ErrInterrupted = errors.New("interrupted")

// session is what the commands work on.
type session struct {
	out    *bufio.Writer
	stats  *pstats.Stats // nil until a file is read
	prompt string
	last   string // the last command, which an empty line repeats
}

// Run reads the first of files, adds the others, and then does what lines says until it
// ends. Errors of commands are told on out and end nothing; Run returns those of lines
// and out.
func Run(lines LineReader, out io.Writer, files ...string) error {
	s := &session{out: bufio.NewWriter(out), prompt: "% "}
	for i, file := range files {
		if i == 0 {
			s.read(file)
		} else {
			s.add(file)
		}
	}
	s.println("Welcome to the profile statistics browser.")
	if err := s.loop(lines); err != nil {
		if errors.Is(err, ErrInterrupted) {
			return s.out.Flush()
		}
		return err
	}
	s.println("Goodbye.")
	return s.out.Flush()
}

// loop does commands until one stops it; the end of the lines is the command EOF.
func (s *session) loop(lines LineReader) error {
	for {
		if err := s.out.Flush(); err != nil {
			return fmt.Errorf("writing the answer: %w", err)
		}
		line, err := lines.ReadLine(s.prompt)
		if errors.Is(err, io.EOF) {
			line, err = "EOF", nil
		}
		if err != nil {
			return fmt.Errorf("reading a command: %w", err)
		}
		if s.command(line) {
			return nil
		}
	}
}

// command does one line, as Python's cmd.Cmd does, and reports whether it was the last.
func (s *session) command(line string) (stop bool) {
	line = strip(line)
	if line == "" {
		if s.last == "" {
			return false
		}
		line = s.last
	}
	if rest, ok := strings.CutPrefix(line, "?"); ok {
		line = "help " + rest
	}
	if strings.HasPrefix(line, "!") {
		s.unknown(line)
		return false
	}
	s.last = line
	if line == "EOF" {
		s.last = ""
	}
	name, argument := splitCommand(line)
	c, ok := find(name)
	if !ok {
		s.unknown(line)
		return false
	}
	return c.run(s, argument)
}

// splitCommand parts the name of a command, letters, digits and underscores, from the rest.
func splitCommand(line string) (name, argument string) {
	end := strings.IndexFunc(line, func(r rune) bool {
		return r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	})
	if end < 0 {
		return line, ""
	}
	return line[:end], strip(line[end:])
}

func (s *session) unknown(line string) { s.println("*** Unknown syntax: " + line) }

// println writes a line. Errors stay in the buffer until it is flushed.
func (s *session) println(line string) {
	s.out.WriteString(line)
	s.out.WriteByte('\n')
}
