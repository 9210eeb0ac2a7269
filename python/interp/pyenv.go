package interp

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

const (
	versionFile = ".python-version"
	system      = "system" // pyenv's word for "what PATH has without pyenv"
	// maxNames bounds a version file: pyenv's own example has three.
	maxNames = 100
)

// pyenvRoot is where pyenv lives; it may not be there.
func (f *finder) pyenvRoot() string {
	if root := f.folder("PYENV_ROOT"); root != "" {
		return root
	}
	return f.defaultPyenv()
}

func (f *finder) pyenvVersions() string { return filepath.Join(f.pyenvRoot(), "versions") }

// readVersionFile reads the names in a .python-version as pyenv does: the first word
// of every line, without comments. It is empty where there is no such file.
func readVersionFile(path string) []string {
	content, err := readSmall(path)
	if err != nil {
		return nil
	}
	var names []string
	for line := range strings.Lines(string(content)) {
		words := strings.Fields(line)
		if len(words) > 0 && !strings.HasPrefix(words[0], "#") && len(names) < maxNames {
			names = append(names, words[0])
		}
	}
	return names
}

// byVersionNames returns the first interpreter that the names stand for: pyenv's,
// else any of that version. by is who named them, for people.
func (f *finder) byVersionNames(ctx context.Context, names []string, by string) (Interpreter, error) {
	for _, command := range defaultNames {
		if path, ok := f.pyenvWhich(f.pyenvRoot(), names, command); ok {
			return Interpreter{Path: path, Source: by}, nil
		}
	}
	missing := f.notFound("")
	for _, name := range names {
		want, ok := parseSpec(name)
		if !ok {
			continue
		}
		py, err := f.bySpec(ctx, name, want)
		if err == nil {
			py.Source = by + ", " + py.Source
			return py, nil
		}
		if ctx.Err() != nil {
			return Interpreter{}, ctx.Err()
		}
	}
	missing.Request = strings.Join(names, " ")
	missing.Reason = fmt.Sprintf("%s asks for it", by)
	return Interpreter{}, missing
}

// pyenvWhich is `pyenv which command` for these names, in order; it never falls back on "system" unnamed.
func (f *finder) pyenvWhich(root string, names []string, command string) (string, bool) {
	for _, name := range names {
		if name == system {
			if path, ok := f.onPathWithoutShims(command); ok {
				return path, true
			}
			continue
		}
		folder, ok := pyenvFolder(filepath.Join(root, "versions"), name)
		if !ok {
			continue
		}
		if path := filepath.Join(folder, pyenvBin, command+exeSuffix); isProgram(path) {
			return path, true
		}
	}
	return "", false
}

// pyenvFolder resolves a name as pyenv does: the folder itself, without a "python-"
// in front, else the newest release that the name is a prefix of.
func pyenvFolder(versions, name string) (string, bool) {
	if name == "" || strings.ContainsAny(name, `/\`) || name == ".." || name == "." {
		return "", false // a version file from elsewhere must not lead out of pyenv's folder
	}
	for _, name := range []string{name, strings.TrimPrefix(name, "python-")} {
		if info, err := os.Stat(filepath.Join(versions, name)); err == nil && info.IsDir() {
			return filepath.Join(versions, name), true
		}
		if newest, ok := newestWithPrefix(versions, name); ok {
			return filepath.Join(versions, newest), true
		}
	}
	return "", false
}

// newestWithPrefix is `pyenv latest`: "3.1" is a prefix of 3.1.4 but not of 3.12.1, and
// "3.13t" of 3.13.0t. Development versions and pre-releases do not count.
func newestWithPrefix(versions, name string) (string, bool) {
	entries, err := os.ReadDir(versions)
	if err != nil {
		return "", false
	}
	prefix, threaded := strings.CutSuffix(name, "t")
	if !threaded || prefix == "" || !isDigit(prefix[len(prefix)-1]) {
		prefix, threaded = name, false
	}
	var found []candidate
	for _, entry := range entries[:min(len(entries), maxEntries)] {
		rest, ok := strings.CutPrefix(entry.Name(), prefix)
		if !ok || rest == "" || rest[0] != '.' && rest[0] != '-' || isUnreleased(entry.Name()) {
			continue
		}
		if hint, _ := parseSpec(entry.Name()); hint.freeThreaded == threaded {
			found = append(found, candidate{path: entry.Name(), hint: hint})
		}
	}
	newestFirst(found)
	if len(found) == 0 {
		return "", false
	}
	return found[0].path, true
}

func isUnreleased(name string) bool {
	hint, _ := parseSpec(name)
	return hint.pre != "" || slices.ContainsFunc([]string{"-dev", "-src", "-latest"}, func(end string) bool {
		return strings.HasSuffix(name, end)
	})
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// isShim reports whether path is one of the small scripts that pyenv puts on PATH.
func isShim(path string) bool {
	if filepath.Base(filepath.Dir(path)) != "shims" {
		return false
	}
	content, err := readSmall(path)
	return err == nil && strings.HasPrefix(string(content), "#!") && strings.Contains(string(content), "pyenv")
}

// seeThrough returns what a shim would start from the folder of the search.
func (f *finder) seeThrough(shim string) (path, source string, ok bool) {
	root, command := filepath.Dir(filepath.Dir(shim)), filepath.Base(shim)
	names, source := f.pyenvNames(root)
	if path, ok := f.pyenvWhich(root, names, command); ok {
		return path, source, true
	}
	path, ok = f.onPathWithoutShims(command)
	return path, "PATH", ok
}

// pyenvNames are the versions that pyenv uses here, and who named them.
func (f *finder) pyenvNames(root string) ([]string, string) {
	if names := f.env("PYENV_VERSION"); names != "" {
		return strings.Split(names, ":"), "PYENV_VERSION"
	}
	for dir := f.dir; ; dir = filepath.Dir(dir) {
		if names := readVersionFile(filepath.Join(dir, versionFile)); len(names) > 0 {
			return names, filepath.Join(dir, versionFile)
		}
		if dir == filepath.Dir(dir) {
			break
		}
	}
	global := filepath.Join(root, "version")
	return readVersionFile(global), global
}

func (f *finder) onPathWithoutShims(name string) (string, bool) {
	for _, dir := range f.pathFolders() {
		if path := filepath.Join(dir, name+exeSuffix); isProgram(path) && !isShim(path) {
			return path, true
		}
	}
	return "", false
}
