package find

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// maxIgnore bounds a .gitignore file; what is longer was not written by people.
const maxIgnore = 1 << 20

// ignores knows what is left out, by git's rules (gitignore(5)): the .gitignore files
// from the root of the repository down to each folder, and .git/info/exclude. A user's
// own file, core.excludesFile, is not read: the answer is that of the project.
type ignores struct {
	root, full string   // of the walk, as its paths begin and absolute
	levels     sync.Map // of each folder that was entered, by its path: *level
}

// level is the rules of one folder, on top of those of the folders above.
type level struct {
	dir   string // absolute
	rules []rule
	above *level
}

// rule is one line.
type rule struct {
	parts    []part
	keep     bool // the line began with "!"
	folders  bool // it ended in "/"
	anywhere bool // it had no other slash: any name below matches
}

// newIgnores reads the files that concern root itself: those of the folders above it,
// down from the one with a .git, and its own.
func newIgnores(root string) *ignores {
	full, err := filepath.Abs(root)
	if err != nil {
		full = root
	}
	in := &ignores{root: root, full: full}
	var dirs []string // from full up to the root of the repository
	for dir := full; ; dir = filepath.Dir(dir) {
		dirs = append(dirs, dir)
		if _, err := os.Stat(filepath.Join(dir, ".git")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			dirs = dirs[:1] // no repository: what is above does not count
			break
		}
	}
	top := dirs[len(dirs)-1]
	level := readLevel(filepath.Join(top, ".git", "info", "exclude"), top, nil)
	for i := len(dirs) - 1; i >= 0; i-- {
		level = readLevel(filepath.Join(dirs[i], ".gitignore"), dirs[i], level)
	}
	in.levels.Store(root, level)
	return in
}

// enter reads the rules of a folder below the root, before anything in it is matched.
func (in *ignores) enter(path string) {
	full := in.absolute(path)
	in.levels.Store(path, readLevel(filepath.Join(full, ".gitignore"), full, in.of(path)))
}

// of is the level of the folder in which path lies.
func (in *ignores) of(path string) *level {
	found, ok := in.levels.Load(filepath.Dir(path))
	if !ok {
		found, ok = in.levels.Load(in.root) // a folder behind a link
	}
	if !ok {
		return nil
	}
	l, _ := found.(*level)
	return l
}

func (in *ignores) absolute(path string) string {
	if in.root == "." {
		return filepath.Join(in.full, path)
	}
	return in.full + strings.TrimPrefix(path, strings.TrimSuffix(in.root, string(filepath.Separator)))
}

// match says whether path is left out: the last rule that matches decides, those of
// inner folders before those of outer ones.
func (in *ignores) match(path string, folder bool) bool {
	if filepath.Base(path) == ".git" {
		return true
	}
	full := in.absolute(path)
	for l := in.of(path); l != nil; l = l.above {
		if len(l.rules) == 0 {
			continue
		}
		below := strings.TrimPrefix(strings.TrimPrefix(full, l.dir), string(filepath.Separator))
		names := strings.Split(filepath.ToSlash(below), "/")
		for i := len(l.rules) - 1; i >= 0; i-- {
			if l.rules[i].matches(names, folder) {
				return !l.rules[i].keep
			}
		}
	}
	return false
}

func (r rule) matches(names []string, folder bool) bool {
	switch {
	case r.folders && !folder:
		return false
	case r.anywhere:
		return r.parts[0].name.match(names[len(names)-1])
	}
	return matchRule(r.parts, names)
}

// matchRule is matchParts by git's rules: hidden names are like others, and ** at the
// end is one name at least.
func matchRule(parts []part, names []string) bool {
	p, n, retryP, retryN := 0, 0, -1, 0
	for n < len(names) {
		switch {
		case p < len(parts) && parts[p].any:
			if p == len(parts)-1 {
				return true
			}
			p, retryP, retryN = p+1, p, n
			continue
		case p < len(parts) && parts[p].name.match(names[n]):
			p, n = p+1, n+1
			continue
		case retryP < 0:
			return false
		}
		retryN++
		p, n = retryP+1, retryN
	}
	return p == len(parts)
}

// readLevel is the level of a file's rules, or the one above where there are none. A
// file that cannot be read has none, as for git.
func readLevel(path, dir string, above *level) *level {
	file, err := os.Open(path)
	if err != nil {
		return above
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxIgnore))
	if err != nil {
		return above
	}
	rules := parseRules(string(text))
	if len(rules) == 0 {
		return above
	}
	return &level{dir, rules, above}
}

func parseRules(text string) []rule {
	var rules []rule
	for line := range strings.SplitSeq(strings.TrimPrefix(text, "\ufeff"), "\n") {
		if r, ok := parseRule(strings.TrimSuffix(line, "\r")); ok {
			rules = append(rules, r)
		}
	}
	return rules
}

func parseRule(line string) (r rule, ok bool) {
	for strings.HasSuffix(line, " ") && !strings.HasSuffix(line, `\ `) {
		line = line[:len(line)-1]
	}
	if line == "" || line[0] == '#' || len(line) > MaxGlob {
		return rule{}, false
	}
	line, r.keep = strings.CutPrefix(line, "!")
	line, r.folders = strings.CutSuffix(line, "/")
	r.anywhere = !strings.Contains(line, "/")
	line = strings.TrimPrefix(line, "/")
	if line == "" {
		return rule{}, false
	}
	for _, text := range strings.Split(line, "/") {
		if text == "**" && !r.anywhere {
			r.parts = append(r.parts, part{any: true})
		} else {
			r.parts = append(r.parts, part{name: parseName(text, true)})
		}
	}
	return r, true
}
