package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
)

const (
	// tagsFile holds a run's tags: a JSON array of strings, sorted. It is absent where there are none.
	tagsFile = "tags.json"
	// maxTag, in bytes, and maxTags keep tags what they are: words beside a run, not data of it.
	maxTag  = 64
	maxTags = 64
)

// ReadTags reads the tags of the run in dir. Having none is no error; the list is never nil.
func ReadTags(dir string) ([]string, error) {
	tags := []string{}
	path := filepath.Join(dir, tagsFile)
	err := readJSON(path, &tags)
	if errors.Is(err, fs.ErrNotExist) {
		return []string{}, nil
	}
	if err == nil {
		err = checkTags(tags)
	}
	if err != nil {
		return []string{}, fmt.Errorf("reading %s: %w", path, err)
	}
	return tags, nil
}

// Tag adds tags to a run and takes others away, in its folder and in the index, and returns all that it has then.
func (r *Run) Tag(add, remove []string) ([]string, error) {
	tags, err := ReadTags(r.Dir)
	if err != nil {
		return nil, err
	}
	tags = slices.DeleteFunc(append(tags, add...), func(tag string) bool { return slices.Contains(remove, tag) })
	slices.Sort(tags)
	tags = slices.Compact(tags)
	if err := checkTags(tags); err != nil {
		return nil, fmt.Errorf("tagging run %s: %w", r.ID, err)
	}
	if len(tags) == 0 {
		err = os.Remove(r.Path(tagsFile))
		if errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
	} else {
		err = r.WriteJSON(tagsFile, tags)
	}
	if err != nil {
		return nil, err
	}
	if index := filepath.Join(filepath.Dir(filepath.Dir(r.Dir)), indexName); isThere(index) { // a run may be copied anywhere
		_ = IndexRun(r.Dir) // of a run that goes on it is too early
	}
	return tags, nil
}

func isThere(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// checkTags: a tag is one word, so that many fit on a line, and none looks like an option.
func checkTags(tags []string) error {
	if len(tags) > maxTags {
		return fmt.Errorf("%d tags; a run has at most %d", len(tags), maxTags)
	}
	for _, tag := range tags {
		odd := func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsGraphic(r) || r == ',' }
		if tag == "" || len(tag) > maxTag || tag[0] == '-' || strings.ContainsFunc(tag, odd) {
			return fmt.Errorf("%.80q cannot be a tag: it must be a word of at most %d bytes, with no space or comma in it and no dash in front", tag, maxTag)
		}
	}
	return nil
}
