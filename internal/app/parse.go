package app

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
)

// mostParsed bounds output that is parsed: as values it takes some ten times the memory.
const mostParsed = 256 << 20

// Parse turns the output of a command into values for encoding/json. The formats are
// lines (those that are not empty), json (one value, or one in each line), table (columns under headings,
// as ps and df print them), and regex:PATTERN, in the syntax of package regexp, which has Python's
// (?P<name>...): an object for each match where the pattern names its groups, else a list of the groups, else the text.
func Parse(format string, output []byte) (any, error) {
	if len(output) > mostParsed {
		return nil, fmt.Errorf("parsing output: it is longer than %d MiB", mostParsed>>20)
	}
	pattern, isRegex := strings.CutPrefix(format, "regex:")
	switch {
	case isRegex:
		return parseRegex(pattern, string(output))
	case format == "lines":
		return nonEmptyLines(output), nil
	case format == "json":
		return parseJSON(output)
	case format == "table":
		return parseTable(nonEmptyLines(output))
	}
	return nil, fmt.Errorf("parsing output as %q: the formats are lines, json, table and regex:PATTERN", format)
}

// nonEmptyLines is never nil, so that nothing becomes [] and not null.
func nonEmptyLines(output []byte) []string {
	lines := []string{}
	for line := range strings.Lines(string(output)) {
		if line = strings.TrimRight(line, "\r\n"); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

func parseJSON(output []byte) (any, error) {
	values := []any{}
	decoder := json.NewDecoder(bytes.NewReader(output))
	decoder.UseNumber()
	for {
		var v any
		err := decoder.Decode(&v)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, &BadInput{fmt.Errorf("parsing output as JSON: %w at byte %d", err, decoder.InputOffset())}
		}
		values = append(values, v)
	}
	if len(values) == 1 {
		return values[0], nil
	}
	return values, nil
}

func parseRegex(pattern, output string) (any, error) {
	expression, err := regexp.Compile(pattern)
	if err != nil {
		return nil, fmt.Errorf("reading the expression: %w", err)
	}
	found := []any{}
	for _, match := range expression.FindAllStringSubmatch(output, -1) {
		found = append(found, matchValue(expression.SubexpNames()[1:], match))
	}
	return found, nil
}

// matchValue is an object of the named groups, a list of all, or the text where there are none.
func matchValue(names, match []string) any {
	if len(names) == 0 {
		return match[0]
	}
	named := map[string]string{}
	for i, name := range names {
		if name != "" {
			named[name] = match[i+1]
		}
	}
	if len(named) > 0 {
		return named
	}
	return match[1:]
}

// parseTable parts columns where every line has blanks, and calls them by the words of the first line.
func parseTable(lines []string) (any, error) {
	rows := []map[string]string{}
	if len(lines) == 0 {
		return rows, nil
	}
	cells := make([][]rune, len(lines))
	for i, line := range lines {
		cells[i] = []rune(line)
	}
	columns := columnsOf(cells)
	for _, line := range cells[1:] {
		row := map[string]string{}
		for _, c := range columns {
			row[c.of(cells[0])] = c.of(line)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// column is a range of characters.
type column struct{ start, end int }

// of is what a line has in the column.
func (c column) of(line []rune) string {
	if c.start >= len(line) {
		return ""
	}
	return strings.TrimSpace(string(line[c.start:min(c.end, len(line))]))
}

// columnsOf finds the columns. A heading of two words ("Mounted on") is one where no row has text under the second.
func columnsOf(lines [][]rune) []column {
	var columns []column
	width := 0
	for _, line := range lines {
		width = max(width, len(line))
	}
	for at := 0; at < width; at++ {
		if blankAt(lines, at) {
			continue
		}
		c := column{at, at + 1}
		for c.end < width && !blankAt(lines, c.end) {
			c.end++
		}
		at = c.end
		onlyHeading := !slices.ContainsFunc(lines[1:], func(line []rune) bool { return c.of(line) != "" })
		if last := len(columns) - 1; last >= 0 && (onlyHeading && len(lines) > 1 || c.of(lines[0]) == "") {
			columns[last].end = c.end
			continue
		}
		columns = append(columns, c)
	}
	return columns
}

func blankAt(lines [][]rune, at int) bool {
	return !slices.ContainsFunc(lines, func(line []rune) bool { return at < len(line) && line[at] != ' ' && line[at] != '\t' })
}

// CheckParse finds what is wrong with a format before a command is run.
func CheckParse(format string) error {
	_, err := Parse(format, []byte("{}"))
	return err
}
