package app

import (
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"unicode/utf8"

	"github.com/cantil-py/cantil/algo/permute"
	"github.com/cantil-py/cantil/text/grapheme"
)

// PermOptions say what is arranged, and which arrangements are wanted.
type PermOptions struct {
	Items     []string // one is cut into its characters
	Graphemes bool     // into those that a reader sees, instead of code points
	R         int      // how many are in each; less than 0 for all
	Separator string
	Spaced    bool     // Separator was given; else several items stand apart by a space
	From      *big.Int // the rank of the first one wanted, from 0
	Limit     *big.Int // how many are wanted; nil for all
	JSON      bool     // an array of arrays
}

// Perm writes arrangements to w, one a line, or one JSON document.
func Perm(o PermOptions, w io.Writer) error {
	text := permute.Text{R: o.r(), Separator: o.Separator, End: "\n", From: o.From}
	if o.Limit != nil {
		text.To = new(big.Int).Add(o.From, o.Limit)
	}
	items := o.items()
	if len(o.Items) > 1 && !o.Spaced {
		text.Separator = " "
	}
	if o.JSON {
		return permJSON(w, items, text)
	}
	return permute.Write(w, items, text)
}

// permJSON writes an array with an arrangement in each line.
func permJSON(w io.Writer, items []string, text permute.Text) error {
	for i, item := range items {
		quoted, err := json.Marshal(item)
		if err != nil {
			return err
		}
		items[i] = string(quoted)
	}
	text.Start, text.Separator, text.End = ",\n[", ", ", "]"
	list := &openedList{w: w}
	if err := permute.Write(list, items, text); err != nil {
		return err
	}
	end := "\n]\n"
	if !list.begun {
		end = "[]\n"
	}
	_, err := io.WriteString(w, end)
	return err
}

// openedList makes the comma before the first item the bracket of the list.
type openedList struct {
	w     io.Writer
	begun bool
}

func (l *openedList) Write(p []byte) (int, error) {
	if l.begun || len(p) == 0 {
		return l.w.Write(p)
	}
	l.begun = true
	n, err := l.w.Write(append([]byte("["), p[1:]...))
	return n, err
}

// PermCount is the number of the arrangements.
func PermCount(o PermOptions) (*big.Int, error) {
	space, err := permute.New(len(o.items()), o.r())
	if err != nil {
		return nil, err
	}
	return space.Count(), nil
}

// PermRank is the rank of the first arrangement that reads as text.
func PermRank(o PermOptions, text string) (*big.Int, error) {
	items, used := o.items(), map[int]bool{}
	var places []int
	for _, part := range o.cut(text) {
		place := -1
		for i, item := range items {
			if item == part && !used[i] {
				place = i
				break
			}
		}
		if place < 0 {
			return nil, &BadInput{fmt.Errorf("%q is no arrangement of %q: too many %q", text, o.Items[0], part)}
		}
		used[place] = true
		places = append(places, place)
	}
	space, err := permute.New(len(items), len(places))
	if err != nil {
		return nil, err
	}
	return space.Rank(places)
}

func (o *PermOptions) r() int {
	if o.R < 0 {
		return len(o.items())
	}
	return o.R
}

// items are the arguments, or the characters of the only one.
func (o *PermOptions) items() []string {
	if len(o.Items) == 1 {
		return o.cut(o.Items[0])
	}
	return append([]string{}, o.Items...)
}

func (o *PermOptions) cut(text string) []string {
	if o.Graphemes {
		return grapheme.Split(text)
	}
	var list []string
	for len(text) > 0 {
		_, size := utf8.DecodeRuneInString(text) // 1 for what is no UTF-8
		list, text = append(list, text[:size]), text[size:]
	}
	return list
}
