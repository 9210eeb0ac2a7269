package argspec

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/cantil-py/cantil/internal/testpy"
)

// pool are values that arguments are made of, good ones and bad.
var pool = []string{"3", "-3", "-1.5", "0.5", "1e3", "ten", "", "a", "b", "c", "aa", "x y", "-x y", "--", "-", "red", "it's blue", "é", "5", "300", "1_000",
	" 7 ", "nan", "-nan", "0x1f", "-x", "--unknown", "--unknown=1", "-z=1", "--n=", "a=b", "-1x", "--no", "+x", "/y", "w", "rx", "10", "1", "here", "==SUPPRESS==", "\t4", "1__0", "-.5", "2"}

// generate makes a command line of a parser: mostly of its own options and what they may take.
func generate(r *rand.Rand, p *Parser) []string {
	var args []string
	for range r.IntN(5) {
		if r.IntN(4) == 0 || len(p.Actions) == 0 {
			args = append(args, pool[r.IntN(len(pool))])
			continue
		}
		args = append(args, generateFor(r, &p.Actions[r.IntN(len(p.Actions))])...)
	}
	if r.IntN(2) == 0 { // what is required is rarely there by chance
		for i := range p.Actions {
			if a := &p.Actions[i]; a.Required {
				args = slices.Insert(args, r.IntN(len(args)+1), generateFor(r, a)...)
			}
		}
	}
	return args
}

// generateFor makes the arguments of one action.
func generateFor(r *rand.Rand, a *Action) []string {
	if len(a.Parsers) > 0 && r.IntN(5) > 0 {
		sub := &a.Parsers[r.IntN(len(a.Parsers))]
		name := append([]string{sub.Name}, sub.Aliases...)[r.IntN(1+len(sub.Aliases))]
		return append([]string{name}, generate(r, &sub.Parser)...)
	}
	n := map[string]int{"": 1, "N": a.Nargs.Number, "?": r.IntN(2), "*": r.IntN(3), "+": 1 + r.IntN(2), "...": r.IntN(3), "A...": 1}[a.Nargs.Word]
	if r.IntN(8) == 0 {
		n += r.IntN(3) - 1
	}
	var values []string
	for range n {
		values = append(values, generateValue(r, a))
	}
	if a.Positional() {
		return values
	}
	option := a.OptionStrings[r.IntN(len(a.OptionStrings))]
	switch {
	case a.Kind == "help" || a.Kind == "version":
		return nil // only Python answers; see TestDryParse
	case r.IntN(4) == 0 && len(option) > 3:
		option = string([]rune(option)[:3+r.IntN(len([]rune(option))-2)])
	}
	joined := r.IntN(6)
	switch {
	case joined == 0:
		return append([]string{option + "=" + strings.Join(values, " ")}, values...)
	case joined == 1 && len(values) > 0:
		return append([]string{option + "=" + values[0]}, values[1:]...)
	case joined == 2 && len(option) == 2 && len(values) > 0:
		return append([]string{option + values[0]}, values[1:]...)
	case joined == 3 && len(option) == 2:
		return append([]string{option + string("abcxyzvq=-"[r.IntN(10)]) + strings.Join(values, "")}, values...)
	}
	return append([]string{option}, values...)
}

func generateValue(r *rand.Rand, a *Action) string {
	if a.Choices != nil && len(a.Choices.Values) > 0 && r.IntN(3) > 0 {
		v := a.Choices.Values[r.IntN(len(a.Choices.Values))]
		return cmpOr(v.Text, v.Repr)
	}
	if r.IntN(3) > 0 {
		switch a.Type.Builtin {
		case "int":
			return []string{"0", "1", "2", "5", "300", "-4"}[r.IntN(6)]
		case "float":
			return []string{"0.5", "1", "-2.5", "inf"}[r.IntN(4)]
		}
	}
	return pool[r.IntN(len(pool))]
}

func cmpOr(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// TestCorpus describes the programs, and compares with the programs themselves: a parser that is built from the description
// has the same help, and so have its sub-parsers; and what Check says of thousands of command lines, good and bad, is what the
// program says, byte for byte. No body runs.
func TestCorpus(t *testing.T) {
	perProgram := 40
	if !slow() {
		perProgram = 30
	}
	noticed, ran, all := map[string]int{}, 0, len(testpy.All(t))
	testpy.EachOfSome(t, func(t *testing.T, py testpy.Python) {
		c := describeAll(t, py)
		defer c.nobodyRan()
		c.compareHelps()
		r := rand.New(rand.NewPCG(1, uint64(py.Minor)))
		var lines []line
		for _, path := range c.programs {
			if known[c.specs[path].Argparse] == (dialect{}) {
				t.Fatalf("argparse of Python %s has the fingerprint %s, which known does not have; see TestFingerprints", py.Version, c.specs[path].Argparse)
			}
			for range perProgram {
				args := append([]string{}, generate(r, &c.specs[path].Parser)...)
				if filepath.Base(path) == "two_stage.py" {
					continue // what is described is the first of its parsers, which accepts what the second refuses
				}
				if filepath.Base(path) != "files.py" || !slices.ContainsFunc(args, func(a string) bool { return strings.HasPrefix(a, "--o") || strings.HasPrefix(a, "--n") }) {
					lines = append(lines, line{path, args, []int{80, 60, 132, 40, 20}[r.IntN(5)]})
				}
			}
		}
		really := c.real(lines)
		compare(t, c, lines, really)
		if slow() {
			c.flip(lines, really, noticed)
			ran++
		}
	})
	for i := range reflect.TypeFor[dialect]().NumField() {
		name := reflect.TypeFor[dialect]().Field(i).Name
		if ran == all && noticed[name] == 0 {
			t.Errorf("no command line tells whether %s is right", name)
		}
	}
	if slow() {
		t.Logf("command lines that tell what differs between the releases: %v", noticed)
	}
}

// flip counts, for each of the differences between releases, the command lines that would be answered wrongly with it the other way, up to enough.
func (c *corpus) flip(lines []line, really []outcome, noticed map[string]int) {
	const enough = 5
	for i := range reflect.TypeFor[dialect]().NumField() {
		d := known[c.specs[lines[0].Program].Argparse]
		field := reflect.ValueOf(&d).Elem().Field(i)
		*(*bool)(field.Addr().UnsafePointer()) = !field.Bool()
		for j, l := range lines {
			if noticed[reflect.TypeFor[dialect]().Field(i).Name] >= enough {
				break
			}
			got, err := c.specs[l.Program].check(d, l.Args, l.Columns)
			if err == nil && got.told() != really[j].told() {
				noticed[reflect.TypeFor[dialect]().Field(i).Name]++
			}
		}
	}
}

// compare compares Check with what really happens, and tells how often Check could not answer.
func compare(t *testing.T, c *corpus, lines []line, really []outcome) {
	t.Helper()
	good, bad, wrong := 0, 0, 0
	asked := map[string]int{}
	for i, want := range really {
		l := lines[i]
		got, err := c.specs[l.Program].Check(l.Args, l.Columns)
		if errors.Is(err, ErrAskPython) {
			asked[err.Error()]++
			continue
		}
		if err != nil {
			t.Fatalf("%s %q: %v", filepath.Base(l.Program), l.Args, err)
		}
		if got.told() != want.told() {
			if wrong++; wrong < 20 {
				t.Errorf("Python %s, %s %q, %d columns: Check says\n%s\nthe program\n%s", c.py.Version, filepath.Base(l.Program), l.Args, l.Columns, got.told(), want.told())
			}
			continue
		}
		if want.Ran {
			good++
		} else {
			bad++
		}
	}
	t.Logf("%d command lines accepted, %d refused, %d left to Python", good, bad, len(lines)-good-bad-wrong)
	var reasons []string
	for reason, n := range asked {
		reasons = append(reasons, fmt.Sprintf("%5d %s", n, reason))
	}
	sort.Sort(sort.Reverse(sort.StringSlice(reasons)))
	t.Logf("left to Python:\n%s", strings.Join(reasons[:min(len(reasons), 15)], "\n"))
	if slow() && good+bad < 2000 {
		t.Errorf("%d command lines compared, must be 2000", good+bad)
	}
	if good == 0 || bad == 0 {
		t.Errorf("%d accepted and %d refused: both must be tested", good, bad)
	}
}

// TestOracle: running programs in one process is the same as running them plainly.
func TestOracle(t *testing.T) {
	py := testpy.Newest(t)
	c := &corpus{t: t, py: py, home: t.TempDir()}
	var lines []line
	for _, l := range [][]string{{"exclusive.py", "--letter", "a", "-n", "3", "--json"}, {"exclusive.py", "--number", "5", "--in", "", "--csv"},
		{"flags.py", "-vvq"}, {"plain.py", "--number", "x"}, {"unicode.py", "--größe", "é", "w"}, {"commands.py", "t", "d", "--e", "q"}} {
		path, err := filepath.Abs(filepath.Join("testdata", "programs", l[0]))
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line{path, l[1:], 80})
	}
	for i, want := range c.real(lines) {
		if got := c.plainly(lines[i]); got.told() != want.told() {
			t.Errorf("%q: in one process\n%s\nplainly\n%s", lines[i].Args, want.told(), got.told())
		}
	}
}

// TestDryParse: what only Python knows is what the program says, too, and its body does not run.
func TestDryParse(t *testing.T) {
	all := [][]string{
		{"version.py", "-V"}, {"in_main.py", "--even", "3"}, {"commands_deep.py", "remote", "add", "-h"}, {"fromfile.py", "@none"},
		{"files.py", "--out", "made.txt", "--in", "missing"}, {"files.py", "--new", "no/such"}, {"actions.py", "--upper", "no"}, {"own_parser.py", "go", "--far", "x"},
		{"exits_not.py", "--n", "x"}, {"intermixed.py", "a", "--flag", "1", "--n", "2", "q"}, {"own_list.py", "--what", "ever"}, {"in_main.py", "--hidden", "1,2", "--power", "4"},
		{"two_stage.py", "--config", "c"}, {"flags.py", "-h"}, {"type_functions.py", "--code", "xy"}, {"append.py", "--tuple", "q"},
	}
	if !slow() {
		all = all[:6]
		t.Log("6 command lines; CANTIL_SLOW=1 tests all, with every Python")
	}
	pythons := []testpy.Python{testpy.Newest(t)}
	if slow() {
		pythons = testpy.All(t)
	}
	for _, py := range pythons {
		c := &corpus{t: t, py: py, home: t.TempDir()}
		c.mark = filepath.Join(c.home, "mark")
		var lines []line
		for _, l := range all {
			path, err := filepath.Abs(filepath.Join("testdata", "programs", l[0]))
			if err != nil {
				t.Fatal(err)
			}
			lines = append(lines, line{path, l[1:], 70})
		}
		for i, want := range c.real(lines) {
			p := c.program(lines[i].Program)
			p.TwoStage = filepath.Base(p.Name) == "two_stage.py"
			got, err := DryParse(context.Background(), p, lines[i].Args, lines[i].Columns)
			if err != nil {
				t.Errorf("Python %s, %s: %v", py.Version, filepath.Base(p.Name), err)
				continue
			}
			if got.told() != want.told() {
				t.Errorf("Python %s, %s %q: the dry parse says\n%s\nthe program\n%s", py.Version, filepath.Base(p.Name), lines[i].Args, got.told(), want.told())
			}
		}
		c.nobodyRan()
		if _, err := os.Stat(filepath.Join(c.home, "made.txt")); err == nil {
			t.Errorf("Python %s: a dry parse made a file", py.Version)
		}
	}
}

// TestFingerprints: every argparse of this machine is one that Check was compared with. For another: add its fingerprint to known
// with the dialect of its version, run TestCorpus with CANTIL_SLOW=1, and correct the dialect until all agree.
func TestFingerprints(t *testing.T) {
	for _, py := range testpy.All(t) {
		c := &corpus{t: t, py: py, home: t.TempDir()}
		s, err := Read(context.Background(), c.program(filepath.Join(testpy.Root(t), "examples", "train.py")))
		if err != nil {
			t.Error(err)
			continue
		}
		if known[s.Argparse] == (dialect{}) {
			t.Errorf("argparse of Python %s is not known: %q: dialectOf(%d),", py.Version, s.Argparse, py.Minor)
		}
	}
}
