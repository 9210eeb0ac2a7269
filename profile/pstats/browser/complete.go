package browser

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/cantil-py/cantil/profile/pstats"
)

// maxFiles bounds the names that are offered from one folder; nobody reads more.
const maxFiles = 1000

// Complete returns what may stand at the end of line: commands, their names after help,
// sort keys, files. The candidates replace line[start:].
func Complete(line string) (start int, candidates []string) {
	indent := len(line) - len(strings.TrimLeftFunc(line, isSpace))
	name, _ := splitCommand(line[indent:])
	if indent+len(name) == len(line) {
		return indent, withPrefix(commandNames(), name)
	}
	lastWord := strings.LastIndexFunc(line, isSpace) + 1
	switch name {
	case "help":
		return lastWord, withPrefix(commandNames(), line[lastWord:])
	case "sort":
		return lastWord, withPrefix(sortKeyNames(), line[lastWord:])
	case "read", "add":
		// All behind the command is one file name, spaces and all.
		rest := line[indent+len(name):]
		file := strings.TrimLeftFunc(rest, isSpace)
		return len(line) - len(file), fileNames(file)
	}
	return len(line), nil
}

func commandNames() []string {
	var names []string
	for _, c := range commands() {
		names = append(names, c.name)
	}
	return names
}

func sortKeyNames() []string {
	var names []string
	for _, key := range pstats.SortKeys() {
		names = append(names, key.Name)
	}
	return names
}

func withPrefix(words []string, prefix string) []string {
	var found []string
	for _, word := range words {
		if strings.HasPrefix(word, prefix) {
			found = append(found, word)
		}
	}
	return found
}

// fileNames returns the files and folders whose path starts with prefix; folders end in
// a separator. Hidden ones are left out unless asked for.
func fileNames(prefix string) []string {
	folder, base := filepath.Split(prefix)
	entries, err := os.ReadDir(filepath.Clean(folder)) // of "" it is "."
	if err != nil {
		return nil // a folder that cannot be read has nothing to offer
	}
	var found []string
	for _, entry := range entries {
		name := entry.Name()
		if !strings.HasPrefix(name, base) || base == "" && strings.HasPrefix(name, ".") || len(found) == maxFiles {
			continue
		}
		if info, err := os.Stat(filepath.Join(folder, name)); err == nil && info.IsDir() {
			name += string(filepath.Separator)
		}
		found = append(found, folder+name)
	}
	return found
}
