package flame

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"sync"
)

// The modules import by name from files beside them, and export what they declare: no
// "as", no default, no "export {". So a module is joined to others by leaving out its
// imports and the word export; their names are all different, which the browser checks.
var (
	importLine = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?m)^import \{\s*\w+(?:,\s*\w+)*,?\s*\} from '\./([\w-]+\.js)';\n`)
	})
	exportWord = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?m)^export ((?:async )?function|class|const|let)\b`)
	})
	leftOver = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)^\s*(import|export)\b.*$`) })
)

// joined is the module at name and all that it imports, each before those that need it, as one module.
func joined(files fs.FS, name string) ([]byte, error) {
	j := joiner{files: files, dir: path.Dir(name), state: map[string]joinState{}}
	if err := j.add(path.Base(name)); err != nil {
		return nil, err
	}
	return j.out.Bytes(), nil
}

type joinState int

const (
	joining joinState = iota + 1
	isJoined
)

type joiner struct {
	files fs.FS
	dir   string
	state map[string]joinState
	out   bytes.Buffer
}

func (j *joiner) add(name string) error {
	switch j.state[name] {
	case isJoined:
		return nil
	case joining:
		return fmt.Errorf("%s imports itself by way of others", name)
	}
	j.state[name] = joining
	content, err := fs.ReadFile(j.files, path.Join(j.dir, name))
	if err != nil {
		return err
	}
	text := strings.ReplaceAll(string(content), "\r\n", "\n") // as a checkout on Windows may have it
	for _, m := range importLine().FindAllStringSubmatch(text, -1) {
		if err := j.add(m[1]); err != nil {
			return err
		}
	}
	text = exportWord().ReplaceAllString(importLine().ReplaceAllString(text, ""), "$1")
	if odd := leftOver().FindString(text); odd != "" {
		return fmt.Errorf("%s: cannot join %q", name, odd)
	}
	if strings.Contains(strings.ToLower(text), "</script") || strings.Contains(text, "<!--") {
		return fmt.Errorf("%s: its text would end the page's script", name)
	}
	fmt.Fprintf(&j.out, "\n/* %s */\n%s", name, strings.TrimPrefix(text, "\n"))
	j.state[name] = isJoined
	return nil
}
