package diff

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"
)

// leastAlike is the part of names that two files must share to be taken for one.
const leastAlike = 0.5

// IdleRename is a [Rename] that was asked for and concerns no function.
type IdleRename struct {
	Rename
	Side     string `json:"side"`               // "before" where nothing before is of Old, "after" where nothing after is of New
	Reversed bool   `json:"reversed,omitempty"` // the other way round it would concern some
	Like     string `json:"like,omitempty"`     // a file of that side with the same last name; "" if there is none
}

// idle lists those of the renames that concern nothing.
func idle(list []Rename, before, after []Func) (found []IdleRename) {
	olds, news := files(before), files(after)
	for _, r := range list {
		side, in, name := "before", olds, r.Old
		if anyIn(olds, r.Old) {
			side, in, name = "after", news, r.New
		}
		if !anyIn(in, name) {
			found = append(found, IdleRename{r, side, anyIn(olds, r.New) && anyIn(news, r.Old), alikeNamed(in, name)})
		}
	}
	return found
}

// files are those of all functions, sorted.
func files(funcs []Func) []string {
	all := map[string]bool{}
	for _, f := range funcs {
		all[f.File] = true
	}
	return slices.Sorted(maps.Keys(all))
}

// anyIn says whether one of the files is that file, or lies in that folder.
func anyIn(files []string, name string) bool {
	return slices.ContainsFunc(files, func(f string) bool { return within(f, name) })
}

// within says whether a file has that name, or lies in that folder.
func within(file, folder string) bool {
	rest, found := strings.CutPrefix(file, folder)
	return found && (rest == "" || rest[0] == '/' || rest[0] == '\\')
}

func alikeNamed(files []string, name string) string {
	_, last := splitLast(name)
	for _, f := range files {
		if _, l := splitLast(f); l == last {
			return f
		}
	}
	return ""
}

// splitLast parts a path before its last separator, of whichever system.
func splitLast(path string) (folder, last string) {
	at := strings.LastIndexAny(path, `/\`)
	return path[:max(0, at)], path[at+1:]
}

// moved finds files of before none of whose functions has a partner, and for each the file that is new and has the same names.
func moved(before, after []Func, partner []int) []Rename {
	taken := map[int]bool{}
	for _, j := range partner {
		taken[j] = true
	}
	goneFiles := lonely(before, func(i int) bool { return partner[i] >= 0 })
	newFiles := lonely(after, func(j int) bool { return taken[j] })
	var list []Rename
	for _, old := range slices.Sorted(maps.Keys(goneFiles)) {
		best, most := "", 0.0
		for _, now := range slices.Sorted(maps.Keys(newFiles)) {
			if part := alike(goneFiles[old], newFiles[now]); part > most || part == most && filepath.Base(now) == filepath.Base(old) {
				best, most = now, part
			}
		}
		if most >= leastAlike {
			list = append(list, Rename{old, best})
			delete(newFiles, best)
		}
	}
	return asFolders(list, files(before))
}

// asFolders puts a folder, as large as can be, in the place of its files where all of them moved to one other folder.
func asFolders(list []Rename, before []string) (short []Rename) {
	times := map[Rename]int{}
	for _, r := range list {
		for _, folder := range foldersOf(r) {
			times[folder]++
		}
	}
	for _, r := range list {
		for _, folder := range foldersOf(r) {
			all := 0
			for _, f := range before {
				if within(f, folder.Old) {
					all++
				}
			}
			if all > 1 && all == times[folder] {
				r = folder
			}
		}
		if !slices.Contains(short, r) {
			short = append(short, r)
		}
	}
	return short
}

// foldersOf takes off what both names end in, bit by bit.
func foldersOf(r Rename) (list []Rename) {
	for {
		old, a := splitLast(r.Old)
		now, b := splitLast(r.New)
		if a != b || old == "" || now == "" {
			return list
		}
		r = Rename{old, now}
		list = append(list, r)
	}
}

// lonely are the names of the functions of files that have no function for which is holds.
func lonely(funcs []Func, is func(int) bool) map[string]map[string]bool {
	files := map[string]map[string]bool{}
	for i, f := range funcs {
		if files[f.File] == nil {
			files[f.File] = map[string]bool{}
		}
		files[f.File][f.Name] = true
		if is(i) {
			files[f.File][""] = true // no function is called so
		}
	}
	for file, names := range files {
		if names[""] || file == builtinFile {
			delete(files, file)
		}
	}
	return files
}

// alike is the part of all names of both that both have.
func alike(a, b map[string]bool) float64 {
	both := 0
	for name := range a {
		if b[name] {
			both++
		}
	}
	return float64(both) / float64(len(a)+len(b)-both)
}
