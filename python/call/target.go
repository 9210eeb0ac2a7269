package call

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// target is where a function is: in a file or in a module.
type target struct {
	file, module string
	names        []string // "Class", "method"
}

// parseTarget reads FILE.py:FUNC or MODULE:FUNC. The file, which must be there, becomes
// absolute, relative to dir.
func parseTarget(text, dir string) (target, error) {
	if text == "" {
		return target{}, nil
	}
	colon := strings.LastIndexByte(text, ':')
	if colon <= 0 || colon == len(text)-1 {
		return target{}, &TargetError{text, "a function is named as FILE.py:FUNC or MODULE:FUNC"}
	}
	place, names := text[:colon], strings.Split(text[colon+1:], ".")
	if slices.Contains(names, "") {
		return target{}, &TargetError{text, "a part of the function's name is missing"}
	}
	if !isFile(place) {
		return target{module: place, names: names}, nil
	}
	if !filepath.IsAbs(place) {
		place = filepath.Join(dir, place)
	}
	path, err := filepath.Abs(place)
	if err != nil {
		return target{}, &TargetError{text, err.Error()}
	}
	if info, err := os.Stat(path); err != nil || info.IsDir() {
		return target{}, &TargetError{text, "there is no such file"}
	}
	return target{file: path, names: names}, nil
}

// isFile tells a file from a module: modules have no slashes, and none is called py.
func isFile(place string) bool {
	return strings.HasSuffix(place, ".py") || strings.ContainsRune(place, '/') || strings.ContainsRune(place, filepath.Separator)
}
