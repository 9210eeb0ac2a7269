package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/cantil-py/cantil/benchmarks/measure"
)

const (
	findFolders = 1000
	findFiles   = 60 // in each
)

const walkPython = `
import os, sys
for folder, _, names in os.walk(sys.argv[1]):
    for name in names:
        if name.endswith(".py"):
            print(os.path.join(folder, name))
`

const globPython = `
import glob, os, sys
os.chdir(sys.argv[1])
for path in glob.glob("**/*.py", recursive=True):
    print(path)
`

// find measures a walk of many small folders against what the notes do, and fd.
func (b *bench) find(ctx context.Context) error {
	b.Section(fmt.Sprintf("Finding files among %d", findFolders*findFiles))
	root := b.Path("tree")
	if err := makeTree(root); err != nil {
		return err
	}
	walk := []string{b.Cantil, "tool", "find", "--ext", "py", root}
	glob := []string{b.Cantil, "tool", "find", "--glob", "**/*.py", root}
	rivals := []struct {
		name         string
		theirs, ours []string
		promised     float64
	}{
		{"os.walk of CPython " + b.newest().Version, []string{b.newest().Path, "-c", walkPython, root}, walk, 1},
		{"its glob.glob", []string{b.newest().Path, "-c", globPython, root}, glob, 1},
		{"fd", []string{"fd", "-u", "-e", "py", ".", root}, walk, 0},
		{"fdfind", []string{"fdfind", "-u", "-e", "py", ".", root}, walk, 0},
		{"find", []string{"find", root, "-name", "*.py"}, walk, 0},
	}
	for _, r := range rivals {
		if _, err := exec.LookPath(r.theirs[0]); err != nil {
			b.Told("times "+r.name, "not here, so not measured")
			continue
		}
		theirs, ours, err := b.Pair(ctx, b.rounds, r.theirs, r.ours, func(string) {})
		if err != nil {
			return err
		}
		s := measure.SpreadOf(theirs, ours, func(a, b measure.Cost) float64 { return a.Wall.Seconds() / b.Wall.Seconds() })
		if r.promised == 0 {
			b.Told("times "+r.name, s.Text(1))
			continue
		}
		b.AtLeast("times "+r.name, s.Text(1), s.Median, r.promised)
	}
	return nil
}

// makeTree makes folders ten wide and three deep, each with files of four types.
func makeTree(root string) error {
	types := []string{"py", "txt", "wav", "json"}
	for i := range findFolders {
		dir := filepath.Join(root, fmt.Sprint("a", i/100), fmt.Sprint("b", i/10%10), fmt.Sprint("c", i%10))
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
		for j := range findFiles {
			if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("file%d.%s", j, types[j%len(types)])), nil, 0o600); err != nil {
				return err
			}
		}
	}
	return nil
}
