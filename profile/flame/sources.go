package flame

import (
	"bytes"
	"cmp"
	"slices"
)

const (
	// maxSource is the largest source that is shown: a longer one was not written by hand.
	maxSource = 1 << 20
	// maxSources is all sources together: the page is sent around.
	maxSources = 8 << 20
)

// sourceData is the text of a file, as its functions name it.
type sourceData struct {
	File string `json:"file"`
	Text string `json:"text"`
}

// AddSources adds the texts of the files that functions of the last profile are from,
// the program's own first, as far as read gives them and their size allows: 1 MiB
// each, 8 MiB together. What cannot be read is left out; the page then tells lines by
// their numbers. The texts become part of what is written: ask before they are sent.
func (p *Page) AddSources(read func(file string) ([]byte, error)) {
	room := maxSources
	for _, file := range p.profiles[len(p.profiles)-1].files() {
		text, err := read(file)
		if err != nil || len(text) > min(maxSource, room) || bytes.IndexByte(text, 0) >= 0 {
			continue
		}
		room -= len(text)
		p.sources = append(p.sources, sourceData{file, string(text)})
	}
}

// files lists the files of a profile's functions, those with the most functions first, the program's before libraries.
func (p *Profile) files() []string {
	count, kind := map[string]int{}, map[string]int64{}
	for _, f := range p.funcs {
		if f.kind != ofInterpreter {
			count[f.file]++
			kind[f.file] = f.kind
		}
	}
	list := make([]string, 0, len(count))
	for file := range count {
		list = append(list, file)
	}
	slices.SortFunc(list, func(a, b string) int {
		return cmp.Or(cmp.Compare(kind[a], kind[b]), cmp.Compare(count[b], count[a]), cmp.Compare(a, b))
	})
	return list
}
