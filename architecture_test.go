package cantil_test

import (
	"go/ast"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// module is the import path that the packages' own paths are relative to.
const module = "github.com/cantil-py/cantil/"

// door is what the packages under a folder may import beside the standard library.
// A path without a dot in its first element is one of ours, relative to the module;
// a path ending in "/..." stands for everything under it.
type door struct {
	under string
	may   []string
	why   string
}

// doors is the whole plan of the house. The longest matching "under" counts; a
// package that none matches is a leaf and imports the standard library alone.
var doors = []door{
	{"cmd/cantil", []string{"internal/cli", "internal/web"},
		"main is a name-plate: everything it does is in internal/cli, to which it hands the browser's side"},
	{"internal/cli", []string{"internal/app", "internal/live", "internal/term", "github.com/spf13/cobra", "github.com/spf13/pflag"},
		"the command line turns flags into options of internal/app and knows nothing of how they are answered; it never meets the browser's side"},
	{"internal/cli/gendocs", []string{"internal/cli"},
		"the manual is made from the same data as --help"},
	{"internal/app", []string{"internal/store", "internal/term", "profile/...", "python/...", "run", "bench/...", "sweep", "durable", "value/...", "text/...", "algo/...", "github.com/rogpeppe/go-internal/diff"},
		"a use case joins the public packages; it knows no flags, no exit codes and no command line library"},
	{"internal/web", []string{"internal/app", "profile/flame"},
		"a page is a use case and a template, as a command is one and its flags; it never meets the command line, and holds no logic"},
	{"internal/live", []string{"internal/app", "profile/sampler", "charm.land/bubbletea/v2"},
		"a live view draws what a use case has found, and is the only one that knows the library for it"},
	{"internal/store", []string{"durable", "run", "text/name", "modernc.org/sqlite", "golang.org/x/sys/..."},
		"run folders hold what package run says of a program, and nothing else may touch the database driver"},
	{"bench", []string{"algo/permute"},
		"measuring and comparing knows nothing of programs; the orders of its rounds are arrangements"},
	{"bench/launch", []string{"golang.org/x/sys/..."},
		"starting a program and counting what it uses is system calls, and must stay small"},
	{"durable", []string{"golang.org/x/sys/..."},
		"writing a file safely is a leaf"},
	{"internal/term", []string{"golang.org/x/term", "golang.org/x/sys/..."},
		"the terminal is a leaf: it knows nothing of Python or profiles"},
	{"internal/testpy", []string{"python/interp"},
		"only tests use it"},
	{"profile/diff", []string{"profile/pstats", "profile/stacks", "profile/proto", "bench"},
		"profiles of every kind are compared in one way, and whether they differ is a question of repeated measurement"},
	{"profile/export", []string{"profile/stacks", "profile/pstats", "profile/tree", "profile/proto", "profile/flame"},
		"a format is a way to write a profile: the models of profiles, their trees, and a format's own terms"},
	{"profile/flame", []string{"profile/stacks", "profile/pstats", "profile/tree", "profile/diff"},
		"a page shows profiles of every kind, their trees, and what of two is the same function"},
	{"profile/imports", []string{"profile/proto", "profile/stacks", "profile/pstats"},
		"another tool's profile becomes one of our models, and nothing else"},
	{"profile/parts", []string{"profile/pstats", "value/marshal"},
		"what the bootstrap left behind is marshalled values, and becomes a profile"},
	{"profile/pstats", []string{"value", "value/marshal", "text/pyre"},
		"a profile file is marshalled values, printed with Python's repr and searched with Python's re"},
	{"profile/pstats/browser", []string{"profile/pstats", "value", "value/literal"},
		"the browser shows what profile/pstats prints and has no reader or printer of its own; what int() reads is Python's grammar"},
	{"profile/sampler", []string{"profile/sampler/...", "profile/stacks", "golang.org/x/sys/..."},
		"the sampler is system calls and layouts of memory; what it finds are stacks"},
	{"profile/stacks", []string{"profile/proto"},
		"sampled stacks are a leaf: data, and the format that keeps them"},
	{"profile/tree", []string{"profile/stacks", "profile/pstats"},
		"a tree of calls is made of a profile of either kind, and serves whoever draws one"},
	{"python", []string{"python/...", "run", "value/...", "golang.org/x/sys/..."},
		"starting Python needs processes and values, nothing of profiles or of cantil's own commands"},
	{"python/argspec", []string{"python/boot", "run", "value", "value/literal", "durable"},
		"a program is started to be asked for its command line; values are read and shown as Python does, and what it said is kept in whole files"},
	{"run", []string{"durable", "golang.org/x/sys/...", "github.com/creack/pty"},
		"processes are the business of the operating system alone; what they leave is written safely"},
	{"sweep", []string{"sweep", "github.com/BurntSushi/toml"},
		"points and how to run each once are a leaf: data, the library of the format that lists of points are kept in, and executors that come from outside"},
	{"text/find", []string{"github.com/charlievieth/fastwalk"},
		"walks of folders are as fast as their system calls; this library has them for every system"},
	{"text/grapheme", []string{"github.com/rivo/uniseg"},
		"where characters end is a table of Unicode's that must be right"},
	{"text/name", []string{"golang.org/x/text/unicode/norm", "golang.org/x/sys/..."},
		"names are a leaf: Unicode's composed form is a table of its own, and a rename that never overwrites is the system's"},
	{"text/pyre", []string{"github.com/dlclark/regexp2"},
		"the one package that speaks Python's regular expressions, and so the one that needs the engine"},
	{"value", []string{"value/..."},
		"values are a leaf: data and how it prints"},
	{"value/wire", []string{"value/...", "golang.org/x/sys/..."},
		"sockets carry values; waiting for one with little delay is a system call"},
	{"benchmarks", []string{"benchmarks/...", "profile/...", "value/..."},
		"measurements use the public packages as anyone would"},
	{"benchmarks/bench", []string{"benchmarks/...", "bench/...", "profile/..."},
		"measurements use the public packages as anyone would"},
	{"benchmarks/bwt", []string{"benchmarks/...", "algo/bwt"},
		"measurements use the public packages as anyone would"},
	{"benchmarks/small", []string{"benchmarks/measure", "algo/permute", "text/ints"},
		"likewise: what is promised within a Go program is measured within one"},
	{"benchmarks/call", []string{"benchmarks/...", "python/...", "run", "value/..."},
		"it measures calls of functions, which are processes and values"},
}

// TestDoors checks every import of the product, tests excepted, against doors.
func TestDoors(t *testing.T) {
	for _, f := range goFiles(t) {
		if f.test {
			continue
		}
		d := doorOf(f.dir)
		for _, spec := range f.ast.Imports {
			imported, _ := strconv.Unquote(spec.Path.Value)
			if !mayImport(d, imported) {
				t.Errorf("%s imports %s.\n  Only these doors are open to it: %s\n  Why: %s",
					f.path, imported, strings.Join(append(slices.Clone(d.may), "the standard library"), ", "), d.why)
			}
		}
	}
}

// TestDoorsAreUsed keeps the plan honest: a folder that is gone takes its door with it.
func TestDoorsAreUsed(t *testing.T) {
	used := map[string]bool{}
	for _, f := range goFiles(t) {
		used[doorOf(f.dir).under] = true
	}
	for _, d := range doors {
		if !used[d.under] {
			t.Logf("no package is under %q yet", d.under)
		}
	}
}

// TestPublicStandsAlone is the promise to programs that have never heard of cantil.
func TestPublicStandsAlone(t *testing.T) {
	for _, d := range doors {
		if strings.HasPrefix(d.under, "internal") || strings.HasPrefix(d.under, "cmd") {
			continue
		}
		for _, m := range d.may {
			if strings.HasPrefix(m, "internal") {
				t.Errorf("the plan lets %s import %s: a public package never imports internal", d.under, m)
			}
		}
	}
}

// doorOf is the door of the package in dir; for a leaf one that is shut.
func doorOf(dir string) door {
	best := door{why: "a leaf: it serves everyone, so it depends on no one"}
	for _, d := range doors {
		if within(dir, d.under) && len(d.under) > len(best.under) {
			best = d
		}
	}
	return best
}

func mayImport(d door, imported string) bool {
	imported, ours := strings.CutPrefix(imported, module)
	if !ours && !strings.Contains(strings.Split(imported, "/")[0], ".") {
		return true // the standard library
	}
	return slices.ContainsFunc(d.may, func(pattern string) bool {
		folder, all := strings.CutSuffix(pattern, "/...")
		return imported == folder || all && within(imported, folder)
	})
}

// within says whether dir is folder or lies under it.
func within(dir, folder string) bool { return dir == folder || strings.HasPrefix(dir, folder+"/") }

// enders end the process, printers write past the writers that a caller gave.
var (
	enders   = []string{"os.Exit", "log.Fatal", "log.Fatalf", "log.Fatalln"}
	printers = []string{"os.Stdout", "os.Stderr", "fmt.Print", "fmt.Printf", "fmt.Println", "log.Print", "log.Printf", "log.Println"}
)

// TestOnlyTheCommandLinePrints: only main ends the process, only main and the
// command line know stdout and stderr.
func TestOnlyTheCommandLinePrints(t *testing.T) {
	for _, f := range goFiles(t) {
		if f.test || f.ast.Name.Name == "main" {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			name := qualified(n)
			if slices.Contains(enders, name) {
				t.Errorf("%s: %s: only main ends the process; return an error", f.at(n), name)
			}
			if slices.Contains(printers, name) && f.dir != "internal/cli" {
				t.Errorf("%s: %s: only internal/cli prints; take a writer", f.at(n), name)
			}
			return true
		})
	}
}

// qualified is the name of n as "pkg.Name", or "".
func qualified(n ast.Node) string {
	sel, ok := n.(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	pkg, ok := sel.X.(*ast.Ident)
	if !ok {
		return ""
	}
	return pkg.Name + "." + sel.Sel.Name
}

// TestNoInit finds code that runs before anyone called it.
func TestNoInit(t *testing.T) {
	for _, f := range goFiles(t) {
		for _, decl := range f.ast.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
				t.Errorf("%s: init(): list things explicitly where they are used", f.at(fn))
			}
		}
	}
}

// TestNames finds packages that are named for nothing in particular.
func TestNames(t *testing.T) {
	vague := []string{"util", "utils", "common", "helper", "helpers", "misc", "base", "shared"}
	for _, f := range goFiles(t) {
		if slices.Contains(vague, path.Base(f.dir)) || slices.Contains(vague, strings.TrimSuffix(path.Base(f.path), ".go")) {
			t.Errorf("%s: name it for the one idea it holds", f.path)
		}
	}
}
