package app

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/cantil-py/cantil/run"
	"github.com/cantil-py/cantil/value"
	"github.com/cantil-py/cantil/value/pickle"
)

const (
	// mostTail is how much of a run's stdout is searched, from its end: results come last.
	mostTail = 16 << 20
	// mostKept bounds the pickle of a number.
	mostKept = 1 << 20
)

// metric is where the figure of a point is found.
type metric struct {
	name    string
	kind    string // "regex", "json" or "var"
	what    string
	pattern *regexp.Regexp
}

// CheckMetric says what is wrong with a metric: regex:PATTERN, the last match in stdout, of which the first group if it has one;
// json:KEY, in the last line of stdout that is a JSON object with that key (a.b is b in a); var:NAME, a variable of __main__, which is kept. NAME= before it names it.
func CheckMetric(text string) error {
	_, err := parseMetric(text)
	return err
}

func parseMetric(text string) (metric, error) {
	var m metric
	if name, rest, found := strings.Cut(text, "="); found && isIdentifier(name) {
		m.name, text = name, rest
	}
	var found bool
	m.kind, m.what, found = strings.Cut(text, ":")
	if !found || m.what == "" {
		return m, fmt.Errorf("%q is no metric: regex:PATTERN, json:KEY or var:NAME", text)
	}
	own := m.what
	switch m.kind {
	case "regex":
		var err error
		if m.pattern, err = regexp.Compile("(?m)" + m.what); err != nil {
			return m, fmt.Errorf("reading the metric %q: %w", text, err)
		}
		own = leadingName(m.what)
	case "json":
	case "var":
		if !isIdentifier(m.what) {
			return m, fmt.Errorf("%q is no metric: %q is no name of a variable", text, m.what)
		}
	default:
		return m, fmt.Errorf("%q is no metric: %q is none of regex, json and var", text, m.kind)
	}
	if m.name == "" {
		m.name = own
	}
	return m, nil
}

// leadingName is the word that a pattern begins with: loss of "loss=(.*)".
func leadingName(pattern string) string {
	pattern = strings.TrimLeft(pattern, "^ ")
	end := strings.IndexFunc(pattern, func(r rune) bool { return r != '_' && (r < '0' || r > '9') && (r|32 < 'a' || r|32 > 'z') })
	if end < 0 {
		end = len(pattern)
	}
	if !isIdentifier(pattern[:end]) {
		return "metric"
	}
	return pattern[:end]
}

func parseMetrics(texts []string) ([]metric, error) {
	var list []metric
	for _, text := range texts {
		m, err := parseMetric(text)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(list, func(other metric) bool { return other.name == m.name }) {
			return nil, fmt.Errorf("there are two metrics named %s; name one otherwise: other=%s:%s", m.name, m.kind, m.what)
		}
		list = append(list, m)
	}
	return list, nil
}

// keptBy are the variables that must be kept.
func keptBy(list []metric) []string {
	var names []string
	for _, m := range list {
		if m.kind == "var" && !slices.Contains(names, m.what) {
			names = append(names, m.what)
		}
	}
	return names
}

// read is the figure of the run in folder, NaN where it has none.
func (m metric) read(folder string) float64 {
	if m.kind == "var" {
		return keptNumber(filepath.Join(folder, "kept", m.what+".pkl"))
	}
	output, err := tailOf(filepath.Join(folder, run.StdoutFile), mostTail)
	if err != nil {
		return math.NaN()
	}
	if m.kind == "json" {
		return lastInJSON(output, strings.Split(m.what, "."))
	}
	return lastMatch(output, m.pattern)
}

// tailOf is the end of a file.
func tailOf(path string, most int64) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.NewSectionReader(file, max(0, info.Size()-most), most))
}

func lastMatch(output []byte, pattern *regexp.Regexp) float64 {
	all := pattern.FindAllSubmatch(output, -1)
	if len(all) == 0 {
		return math.NaN()
	}
	last := all[len(all)-1]
	return numberIn(string(last[min(1, len(last)-1)]))
}

// numberIn is a number as Python's float reads it, without underscores.
func numberIn(text string) float64 {
	v, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil && !math.IsInf(v, 0) {
		return math.NaN()
	}
	return v
}

// notInJSON are numbers that Python writes into JSON, and JSON does not have.
const notInJSON = `\bNaN\b|-?\bInfinity\b`

// lastInJSON looks at the lines from the last one on.
func lastInJSON(output []byte, path []string) float64 {
	odd := regexp.MustCompile(notInJSON)
	lines := bytes.Split(output, []byte("\n"))
	for _, line := range slices.Backward(lines) {
		line = bytes.TrimSpace(line)
		if !bytes.HasPrefix(line, []byte("{")) {
			continue
		}
		var object any
		if json.Unmarshal(odd.ReplaceAll(line, []byte("null")), &object) != nil {
			continue
		}
		if v, found := inObject(object, path); found {
			number, ok := v.(float64)
			if !ok {
				return math.NaN()
			}
			return number
		}
	}
	return math.NaN()
}

func inObject(v any, path []string) (any, bool) {
	for _, key := range path {
		object, ok := v.(map[string]any)
		if !ok {
			return nil, false
		}
		if v, ok = object[key]; !ok {
			return nil, false
		}
	}
	return v, true
}

// keptNumber is the number in a pickle.
func keptNumber(path string) float64 {
	data, err := tailOf(path, mostKept)
	if err != nil {
		return math.NaN()
	}
	v, err := pickle.Load(data)
	if err != nil {
		return math.NaN()
	}
	switch v := v.(type) {
	case value.Int:
		return float64(v)
	case value.Float:
		return float64(v)
	case value.BigInt:
		f, _ := v.X.Float64()
		return f
	case *value.Scalar:
		_, text, _ := strings.Cut(v.String(), "(") // np.float32(0.5)
		return numberIn(strings.TrimSuffix(text, ")"))
	}
	return math.NaN()
}
