// Package cantil_test checks the rules of the repository: which package may import
// which, and what every file must have or must not have. A rule that is broken says
// why it is there.
package cantil_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
)

const (
	maxLines      = 1000 // of a Go file
	longLines     = 500  // of a Go file that deserves a second look
	maxMainLines  = 30   // of cmd/cantil/main.go
	maxFuncLines  = 120  // of a function
	packageClause = "Package "
	commandClause = "Command "
)

// goFile is one Go file of the product's module, its path relative to the root with slashes.
type goFile struct {
	path, dir string
	test      bool
	ast       *ast.File
	fset      *token.FileSet
}

func (f goFile) at(n ast.Node) string {
	return fmt.Sprintf("%s:%d", f.path, f.fset.Position(n.Pos()).Line)
}

func (f goFile) lines() int { return f.fset.Position(f.ast.FileEnd).Line }

// parseAll reads every Go file once for all tests.
var parseAll = sync.OnceValues(func() ([]goFile, error) {
	var files []goFile
	err := filepath.WalkDir(".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || skipped(name, entry) {
			if err == nil && entry.IsDir() {
				return fs.SkipDir
			}
			return err
		}
		if entry.IsDir() || path.Ext(name) != ".go" {
			return nil
		}
		fset := token.NewFileSet()
		tree, err := parser.ParseFile(fset, name, nil, parser.ParseComments|parser.SkipObjectResolution)
		slashed := filepath.ToSlash(name)
		files = append(files, goFile{slashed, path.Dir(slashed), strings.HasSuffix(name, "_test.go"), tree, fset})
		return err
	})
	return files, err
})

// skipped says which folders are not the product: what is made, what tests feed on,
// and modules of their own.
func skipped(name string, entry fs.DirEntry) bool {
	if !entry.IsDir() || name == "." {
		return false
	}
	base := entry.Name()
	_, err := os.Stat(filepath.Join(name, "go.mod"))
	return strings.HasPrefix(base, ".") || base == "build" || base == "dist" || base == "testdata" || err == nil
}

func goFiles(t *testing.T) []goFile {
	t.Helper()
	files, err := parseAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Fatal("no Go files found")
	}
	return files
}

// TestPackageComments: a package says what to call first, in one place.
func TestPackageComments(t *testing.T) {
	comments, names := map[string][]string{}, map[string]string{}
	for _, f := range goFiles(t) {
		if f.test && !strings.HasSuffix(f.ast.Name.Name, "_test") || f.test && f.dir != "." {
			continue
		}
		names[f.dir] = f.ast.Name.Name
		if f.ast.Doc == nil {
			continue
		}
		comments[f.dir] = append(comments[f.dir], f.path)
		want := packageClause + f.ast.Name.Name
		if f.ast.Name.Name == "main" {
			want = commandClause + path.Base(f.dir)
		}
		if !strings.HasPrefix(f.ast.Doc.Text(), want) {
			t.Errorf("%s: the package comment must begin with %q", f.path, want)
		}
	}
	for dir, name := range names {
		if n := len(comments[dir]); n != 1 {
			t.Errorf("package %s in %s has %d package comments, must have one: %v", name, dir, n, comments[dir])
		}
	}
}

// TestExportedComments: what others may use is described.
func TestExportedComments(t *testing.T) {
	for _, f := range goFiles(t) {
		if f.test || f.ast.Name.Name == "main" {
			continue
		}
		for _, decl := range f.ast.Decls {
			if name := undescribed(decl); name != "" {
				t.Errorf("%s: %s is exported and has no comment", f.at(decl), name)
			}
		}
	}
}

// undescribed is the exported name that decl declares without a comment, or "".
func undescribed(decl ast.Decl) string {
	switch d := decl.(type) {
	case *ast.FuncDecl:
		if d.Doc == nil && d.Name.IsExported() && !ofInterface(d) {
			return d.Name.Name
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			if s, ok := spec.(*ast.TypeSpec); ok && s.Name.IsExported() && d.Doc == nil && s.Doc == nil {
				return s.Name.Name
			}
			if s, ok := spec.(*ast.ValueSpec); ok && s.Names[0].IsExported() && d.Doc == nil && s.Doc == nil && s.Comment == nil {
				return s.Names[0].Name
			}
		}
	}
	return ""
}

// ofInterface: methods that everyone knows, and methods of private types, may go without.
func ofInterface(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return false
	}
	switch d.Name.Name {
	case "Error", "Unwrap", "String", "Len", "Less", "Swap", "Is":
		return true
	}
	receiver := d.Recv.List[0].Type
	if star, ok := receiver.(*ast.StarExpr); ok {
		receiver = star.X
	}
	id, ok := receiver.(*ast.Ident)
	return ok && !id.IsExported()
}

// TestSizes: a file or a function that outgrows one screenful of thought is split
// while that is still cheap.
func TestSizes(t *testing.T) {
	for _, f := range goFiles(t) {
		switch n := f.lines(); {
		case n > maxLines:
			t.Errorf("%s has %d lines; at most %d: split it by idea", f.path, n, maxLines)
		case n > longLines:
			t.Logf("%s has %d lines: look twice", f.path, n)
		}
		for _, decl := range f.ast.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok {
				continue
			}
			n := f.fset.Position(fn.End()).Line - f.fset.Position(fn.Pos()).Line + 1
			if n > maxFuncLines {
				t.Errorf("%s: %s has %d lines; at most %d", f.at(fn), fn.Name.Name, n, maxFuncLines)
			}
		}
		if f.path == "cmd/cantil/main.go" && f.lines() > maxMainLines {
			t.Errorf("%s has %d lines; main is a name-plate of at most %d", f.path, f.lines(), maxMainLines)
		}
	}
}

// TestStartsQuickly: what a package makes of a pattern as the program comes up, every start
// pays for, and every run twice, for it has a shim.
func TestStartsQuickly(t *testing.T) {
	for _, f := range goFiles(t) {
		if f.test || strings.HasPrefix(f.path, "benchmarks/") || strings.HasPrefix(f.path, "docs/") {
			continue
		}
		for _, decl := range f.ast.Decls {
			if vars, ok := decl.(*ast.GenDecl); ok {
				ast.Inspect(vars, func(n ast.Node) bool {
					if call, ok := n.(*ast.SelectorExpr); ok && call.Sel.Name == "MustCompile" {
						t.Errorf("%s: the pattern is compiled at every start; let sync.OnceValue do it when it is needed", f.at(n))
					}
					_, later := n.(*ast.FuncLit)
					return !later
				})
			}
		}
	}
}

// TestNoReplace: what is built here is what others get.
func TestNoReplace(t *testing.T) {
	for _, name := range tracked(t) {
		if path.Base(name) != "go.mod" {
			continue
		}
		if regexp.MustCompile(`(?m)^\s*replace\b`).Match(read(t, name)) {
			t.Errorf("%s has a replace directive: it does not work for anyone who imports or installs cantil", name)
		}
	}
}

// TestNoMachinePaths: nothing depends on the machine it was written on.
func TestNoMachinePaths(t *testing.T) {
	anywhere := regexp.MustCompile(`(^|[^\w.~-])/(root|work|home)/`)
	inTestdata := regexp.MustCompile(`(^|[^\w.~-])/(root|work)/`) // made-up people have homes
	for _, name := range tracked(t) {
		machine := anywhere
		if strings.Contains(name, "testdata/") {
			machine = inTestdata
		}
		for i, line := range bytes.Split(read(t, name), []byte("\n")) {
			if machine.Match(line) && name != "rules_test.go" {
				t.Errorf("%s:%d has a path of one machine: %.100s", name, i+1, line)
			}
		}
	}
}

// TestLinks: a link in the documents leads to a file that is there.
func TestLinks(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)#:\s]+)(#[^)]*)?\)|src="([^":]+)"`)
	for _, name := range tracked(t) {
		if path.Ext(name) != ".md" {
			continue
		}
		for _, m := range link.FindAllSubmatch(read(t, name), -1) {
			target := path.Join(path.Dir(name), string(m[1])+string(m[3]))
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s links to %s, which is not there", name, target)
			}
		}
	}
}

// TestOneCommandChecksAll: the README, the continuous integration and the
// contributor's guide name the same command.
func TestOneCommandChecksAll(t *testing.T) {
	const check = "make check"
	for _, name := range []string{"README.md", "CONTRIBUTING.md", ".ci/run"} {
		if !bytes.Contains(read(t, name), []byte(check)) {
			t.Errorf("%s does not name %q", name, check)
		}
	}
}

// tracked lists the files that git knows or would add, or all where there is no git.
func tracked(t *testing.T) []string {
	t.Helper()
	out, err := exec.Command("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard").Output()
	if err != nil {
		t.Skipf("listing the files of the repository needs git and a clone: %v", err)
	}
	var names []string
	for _, name := range strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00") {
		if info, err := os.Lstat(name); err == nil && info.Mode().IsRegular() {
			names = append(names, name)
		}
	}
	return names
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
