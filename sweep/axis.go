package sweep

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Axis is a list of values of one parameter, or of several whose values go together.
type Axis struct {
	Names []string
	Rows  []Settings
}

// maxText bounds one flag's text.
const maxText = 1 << 20

// ParseGrid reads the values of one parameter. After NAME= stand
//
//	3,10,30         values between commas
//	20,20|10,10,10  values between bars, where there is one: they may hold commas
//	1:10            whole numbers, or in steps: 0:1:0.25
//	0:1:lin:5       so many numbers, evenly spaced
//	1e-4:1:log:5    likewise, each the same multiple of the one before
func ParseGrid(text string) (Axis, error) {
	name, values, err := cutName(text)
	if err != nil {
		return Axis{}, err
	}
	list, err := parseList(values)
	if err != nil {
		return Axis{}, fmt.Errorf("parameter %s: %w", name, err)
	}
	a := Axis{Names: []string{name}}
	for _, v := range list {
		a.Rows = append(a.Rows, Settings{name: {v}})
	}
	return a, nil
}

func cutName(text string) (name, values string, err error) {
	name, values, found := strings.Cut(text, "=")
	name = strings.TrimSpace(name)
	if !found || !isName(name) {
		return "", "", fmt.Errorf("%.80q is not of the form NAME=VALUES", text)
	}
	if len(text) > maxText {
		return "", "", fmt.Errorf("parameter %s: its values are longer than %d bytes; put them into a file", name, maxText)
	}
	return name, values, nil
}

// isName: a name must fit into {NAME}, and before a =.
func isName(name string) bool { return name != "" && !strings.ContainsAny(name, "{}= \t\n,") }

func parseList(text string) ([]string, error) {
	if strings.Contains(text, "|") {
		return trimmed(strings.Split(text, "|")), nil
	}
	if list, is, err := parseRange(text); is || err != nil {
		return list, err
	}
	return trimmed(strings.Split(text, ",")), nil
}

func trimmed(list []string) []string {
	for i := range list {
		list[i] = strings.TrimSpace(list[i])
	}
	return list
}

// ParseLink reads lists of several parameters whose values go together: "lr=0.1,0.01 batch=32,256" are two
// rows. All must be of one length.
func ParseLink(text string) (Axis, error) {
	var linked Axis
	for _, part := range linkedParts(text) {
		a, err := ParseGrid(part)
		if err != nil {
			return Axis{}, err
		}
		name := a.Names[0]
		switch {
		case slices.Contains(linked.Names, name):
			return Axis{}, fmt.Errorf("linking %s: it is there twice", name)
		case linked.Names == nil:
			linked.Rows = a.Rows
		case len(a.Rows) != len(linked.Rows):
			return Axis{}, fmt.Errorf("linking %s and %s: %d values cannot go with %d", linked.Names[0], name, len(linked.Rows), len(a.Rows))
		default:
			for i, row := range a.Rows {
				linked.Rows[i][name] = row[name]
			}
		}
		linked.Names = append(linked.Names, name)
	}
	if len(linked.Names) < 2 {
		return Axis{}, fmt.Errorf("linking %.80q: that takes two lists at least, as in 'lr=0.1,0.01 batch=32,256'", text)
	}
	return linked, nil
}

// linkStart is where the next list of a link begins.
var linkStart = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\s+([A-Za-z_][\w.-]*=)`) })

func linkedParts(text string) []string {
	return strings.Split(linkStart().ReplaceAllString(strings.TrimSpace(text), "\n$1"), "\n")
}

// ParseFlag is an axis of a parameter that is given or not.
func ParseFlag(name string) (Axis, error) {
	if !isName(name) {
		return Axis{}, fmt.Errorf("%.80q is no name of a flag", name)
	}
	return Axis{Names: []string{name}, Rows: []Settings{{name: {"false"}}, {name: {"true"}}}}, nil
}
