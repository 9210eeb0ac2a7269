package app

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/cantil-py/cantil/profile/imports"
)

const (
	// mostShown bounds the text of a value on a page, in bytes; cantil show prints all of it.
	mostShown = 1 << 20
	// profileRows is how many functions a page lists.
	profileRows = "500"
)

// SiteValue is what a file holds, as cantil show and cantil stats print it.
type SiteValue struct {
	Name     string          `json:"name"`
	Path     string          `json:"path"`
	Text     string          `json:"text,omitempty"` // of values
	Cut      bool            `json:"cut,omitempty"`  // the text goes on
	Pictures []Picture       `json:"pictures"`       // of the arrays in it; never nil
	Profile  json.RawMessage `json:"profile,omitempty"`
	Warnings []string        `json:"warnings,omitempty"`
}

// Value shows a file of a run.
func (s *Site) Value(id, name string) (SiteValue, error) {
	path, err := s.RunFile(id, name)
	if err != nil {
		return SiteValue{}, err
	}
	v, err := valueOfFile(path)
	v.Name = name
	return v, err
}

// FileValue shows the file that was named in that place, counted from 0.
func (s *Site) FileValue(place int) (SiteValue, error) {
	path, err := s.File(place)
	if err != nil {
		return SiteValue{}, err
	}
	v, err := valueOfFile(path)
	v.Name = filepath.Base(path)
	return v, err
}

// valueOfFile shows a file: a profile as one, anything else as a value.
func valueOfFile(path string) (SiteValue, error) {
	v := SiteValue{Path: path, Pictures: []Picture{}}
	if isProfileFile(path) {
		table, err := ProfileTable(path)
		if err == nil {
			v.Profile = table
			return v, nil
		}
		if filepath.Ext(path) == ".prof" {
			return v, err
		}
	}
	if slices.Contains([]string{".json", ".jsonl", ".txt", ".log", ".idx", ".csv", ".md", ".py"}, filepath.Ext(path)) {
		return v, v.readText(path)
	}
	out := &head{most: mostShown}
	opts := ShowOptions{File: path, Array: ArrayOptions{Print: DefaultPrint(false), Stats: true}}
	opts.Pickle.Warn = func(finding string) { v.Warnings = append(v.Warnings, finding) }
	if err := Show(opts, out); err != nil && !errors.Is(err, errEnough) {
		return v, err
	}
	v.Text, v.Cut = strings.ToValidUTF8(out.String(), "\uFFFD"), out.cut
	pictures, err := Pictures(path)
	if err != nil {
		return v, err
	}
	v.Pictures = append(v.Pictures, pictures...)
	return v, nil
}

// readText shows a text file as it is.
func (v *SiteValue) readText(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return &BadInput{err}
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, mostShown+1))
	if err != nil {
		return &BadInput{err}
	}
	v.Cut = len(text) > mostShown
	v.Text = strings.ToValidUTF8(string(text[:min(len(text), mostShown)]), "\uFFFD")
	return nil
}

// ProfileTable is a profile as cantil stats --json prints it: the functions with the most time of their own and below.
func ProfileTable(path string) (json.RawMessage, error) {
	var out bytes.Buffer
	view := StatsView{Sort: []string{DefaultSort}, Restrict: []string{profileRows}}
	if err := Stats(StatsOptions{Files: []string{path}, View: view, Format: JSON}, &out); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// isProfileFile says whether a file is shown as a profile: by its content, and where that may be anything, by its name too.
func isProfileFile(path string) bool {
	kind, err := imports.Detect(path)
	switch {
	case err != nil:
		return false
	case kind == imports.Pstats:
		return slices.Contains([]string{".prof", ".pstats", ".cprof"}, filepath.Ext(path))
	case kind == "collapsed":
		return slices.Contains([]string{".collapsed", ".folded"}, filepath.Ext(path))
	}
	return true
}

// errEnough ends the printing of a value that is longer than a page.
var errEnough = errors.New("the page is full")

// head keeps the beginning of what is written.
type head struct {
	bytes.Buffer
	most int
	cut  bool
}

func (h *head) Write(p []byte) (int, error) {
	room := h.most - h.Len()
	if len(p) > room {
		h.cut = true
		h.Buffer.Write(p[:room])
		return room, errEnough
	}
	return h.Buffer.Write(p)
}
