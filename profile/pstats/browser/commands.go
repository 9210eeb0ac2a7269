package browser

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"syscall"
	"unicode"
	"unicode/utf8"

	"github.com/cantil-py/cantil/profile/pstats"
	"github.com/cantil-py/cantil/value"
)

// command is one word of the browser. run reports whether the session ends.
type command struct {
	name string
	run  func(s *session, argument string) (stop bool)
	help string
}

const restrictionHelp = `
Arguments may be:
* An integer maximum number of entries to print.
* A decimal fractional number between 0 and 1, controlling
  what fraction of selected entries to print.
* A regular expression; only entries with function names
  that match it are printed.`

// commands returns all commands, in the order help lists them.
func commands() []command {
	return []command{
		{"EOF", (*session).endOfFile, "Leave the profile browser."},
		{"add", continuing((*session).add), "Add profile info from given file to current statistics object."},
		{"callees", printing((*pstats.Stats).PrintCallees), "Print callees statistics from the current stat object." + restrictionHelp},
		{"callers", printing((*pstats.Stats).PrintCallers), "Print callers statistics from the current stat object." + restrictionHelp},
		{"help", continuing((*session).help), "Show help for a given command."},
		{"quit", (*session).quit, "Leave the profile browser."},
		{"read", continuing((*session).readOrReload), "Read in profile data from a specified file.\nWithout argument, reload the current file."},
		{"reverse", continuing((*session).reverse), "Reverse the sort order of the profiling report."},
		{"sort", continuing((*session).sort), "Sort profile data according to specified keys.\n(Typing `sort' without arguments lists valid keys.)"},
		{"stats", printing((*pstats.Stats).Print), "Print statistics from the current stat object." + restrictionHelp},
		{"strip", continuing((*session).strip), "Strip leading path information from filenames in the report."},
	}
}

func find(name string) (command, bool) {
	for _, c := range commands() {
		if c.name == name {
			return c, true
		}
	}
	return command{}, false
}

func continuing(run func(*session, string)) func(*session, string) bool {
	return func(s *session, argument string) bool {
		run(s, argument)
		return false
	}
}

func printing(list func(*pstats.Stats, io.Writer, ...pstats.Restriction) error) func(*session, string) bool {
	return func(s *session, argument string) bool {
		restrictions := s.restrictions(argument)
		if s.loaded() {
			s.tell(list(s.stats, s.out, restrictions...))
		}
		return false
	}
}

// loaded reports whether there is a profile, and says so if not.
func (s *session) loaded() bool {
	if s.stats == nil {
		s.println("No statistics object is loaded.")
	}
	return s.stats != nil
}

// tell says what went wrong, where Python would end with a traceback.
func (s *session) tell(err error) {
	if err != nil {
		s.println(err.Error())
	}
}

// restrictions reads words as the browser does: an int, else a float, else a pattern.
func (s *session) restrictions(argument string) []pstats.Restriction {
	var all []pstats.Restriction
	for _, word := range fields(argument) {
		if n, ok := parseInt(word); ok {
			all = append(all, pstats.Count(n))
			continue
		}
		fraction, ok := parseFloat(word)
		switch {
		case !ok:
			all = append(all, pstats.Pattern(word))
		case fraction > 1 || fraction < 0:
			s.println("Fraction argument must be in [0, 1]")
		case !math.IsNaN(fraction):
			all = append(all, pstats.Fraction(fraction))
		}
	}
	return all
}

func (s *session) endOfFile(string) bool {
	s.println("")
	return true
}

func (s *session) quit(string) bool { return true }

func (s *session) help(argument string) {
	if argument == "" {
		const heading = "Documented commands (type help <topic>):"
		var names []string
		for _, c := range commands() {
			names = append(names, c.name)
		}
		s.println("\n" + heading + "\n" + strings.Repeat("=", len(heading)) + "\n" + strings.Join(names, "  ") + "\n")
		return
	}
	if c, ok := find(argument); ok {
		s.println(c.help)
		return
	}
	s.println("*** No help on " + argument)
}

func (s *session) readOrReload(argument string) {
	switch {
	case argument != "":
		s.read(argument)
	case len(s.prompt) > len("% "):
		s.read(strings.TrimSuffix(s.prompt, "% "))
	default:
		s.println("No statistics object is current -- cannot reload.")
	}
}

func (s *session) read(file string) {
	stats, err := pstats.Open(file)
	if err != nil {
		if _, text, ok := osError(err); ok {
			s.println(text)
		} else {
			s.println(err.Error())
		}
		return
	}
	s.stats = stats
	s.prompt = file + "% "
}

func (s *session) add(file string) {
	if !s.loaded() {
		return
	}
	other, err := pstats.Open(file)
	if err == nil {
		if err = s.stats.Add(other); err == nil {
			return
		}
		s.stats = nil // it is of no use any more
	}
	reason := err.Error()
	if number, text, ok := osError(err); ok {
		reason = fmt.Sprintf("[Errno %d] %s: %s", number, text, value.ReprStr(file))
	}
	s.println(fmt.Sprintf("Failed to load statistics for %s: %s", file, reason))
}

// osError returns the number of an error of the system and what Python calls it, which
// is what Go calls it with a capital.
func osError(err error) (number int, text string, ok bool) {
	var errno syscall.Errno
	if !errors.As(err, &errno) {
		return 0, "", false
	}
	text = errno.Error()
	first, size := utf8.DecodeRuneInString(text)
	return int(errno), string(unicode.ToUpper(first)) + text[size:], true
}

func (s *session) reverse(string) {
	if s.loaded() {
		s.stats.Reverse()
	}
}

func (s *session) strip(string) {
	if !s.loaded() {
		return
	}
	if err := s.stats.StripDirs(); err != nil {
		s.tell(err)
		s.stats = nil // it is of no use any more
	}
}

func (s *session) sort(argument string) {
	if !s.loaded() {
		return
	}
	keys := fields(argument)
	valid := len(keys) > 0
	for _, key := range keys {
		valid = valid && pstats.IsSortKey(key)
	}
	if valid {
		s.tell(s.stats.Sort(keys...))
		return
	}
	s.println("Valid sort keys (unique prefixes are accepted):")
	for _, key := range pstats.SortKeys() {
		s.println(key.Name + " -- " + key.Description)
	}
}
