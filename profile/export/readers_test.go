package export

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"image/png"
	"io"
	"regexp"
	"strconv"
	"strings"

	"github.com/cantil-py/cantil/profile/proto"
)

// kept is what a file was found to hold.
type kept struct {
	seconds float64 // -1 where it tells none
	within  float64 // of which the time is right, as far as it is written
	names   string  // all names, or "" where they cannot be read
}

// reads has a reader for every format, each of which refuses what is not well formed.
var reads = map[string]func([]byte) (kept, error){
	"html": readHTML, "flamegraph": readFlame, "pprof": readPprof, "speedscope": readSpeedscope, "collapsed": readCollapsed, "chrome": readChrome,
	"callgrind": readCallgrind, "dot": readDot, "svg": readSVG, "png": readPNG, "csv": readCSV, "json": readJSON,
}

// parsed is a time as people read it, in seconds.
func parsed(number, unit string) (float64, error) {
	x, err := strconv.ParseFloat(number, 64)
	return x * map[string]float64{"s": 1, "ms": 1e-3, "µs": 1e-6}[unit], err
}

func readXML(data []byte) (text string, rects int, err error) {
	decoder := xml.NewDecoder(bytes.NewReader(data))
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return text, rects, nil
		}
		if err != nil {
			return "", 0, err
		}
		switch token := token.(type) {
		case xml.CharData:
			text += string(token)
		case xml.StartElement:
			if token.Name.Local == "script" {
				return "", 0, errors.New("it has a script")
			}
			rects++
		}
	}
}

func readFlame(data []byte) (kept, error) {
	text, _, err := readXML(data)
	if err != nil {
		return kept{}, err
	}
	m := regexp.MustCompile(`([\d.e+]+) (s|ms|µs) in \d+ (samples|calls)`).FindStringSubmatch(text)
	if m == nil {
		return kept{}, errors.New("no total")
	}
	seconds, err := parsed(m[1], m[2])
	return kept{seconds, 0.01, text}, err
}

// readHTML finds the profile's data; profile/flame has the tests of what is in it.
func readHTML(data []byte) (kept, error) {
	m := regexp.MustCompile(`(?s)<script type="application/json" id="profile">(.*?)</script>`).FindSubmatch(data)
	if m == nil {
		return kept{}, errors.New("no data")
	}
	var page struct {
		Strings  []string
		Profiles []struct{ Nodes struct{ Count int } }
	}
	if err := json.Unmarshal(m[1], &page); err != nil {
		return kept{}, err
	}
	if len(page.Profiles) != 1 {
		return kept{}, fmt.Errorf("%d profiles", len(page.Profiles))
	}
	return kept{seconds: -1, names: strings.Join(page.Strings, " ") + " "}, nil
}

func readSVG(data []byte) (kept, error) {
	text, _, err := readXML(data)
	m := regexp.MustCompile(`([\d.e+]+) (s|ms|µs); \d+ of \d+ functions`).FindStringSubmatch(text)
	if err != nil || m == nil {
		return kept{}, fmt.Errorf("no total: %v", err)
	}
	seconds, err := parsed(m[1], m[2])
	return kept{seconds, 0.01, text}, err
}

func readDot(data []byte) (kept, error) {
	return readSVG(append([]byte("<svg>"), append([]byte(escaped(string(data))), "</svg>"...)...))
}

func readPNG(data []byte) (kept, error) {
	_, err := png.Decode(bytes.NewReader(data))
	return kept{seconds: -1}, err
}

func readPprof(data []byte) (kept, error) {
	unzipped, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return kept{}, err
	}
	raw, err := io.ReadAll(unzipped)
	if err != nil {
		return kept{}, err
	}
	p, err := proto.Unmarshal(raw, 1<<30)
	if err != nil {
		return kept{}, err
	}
	k := kept{within: 1e-6, names: " "}
	for _, s := range p.Samples {
		k.seconds += float64(s.Values[1]) / 1e9
	}
	for _, f := range p.Functions {
		k.names += f.Name + " "
	}
	return k, nil
}

func readCollapsed(data []byte) (kept, error) {
	k := kept{within: 1e-6, names: " "}
	unit := 1e-3 // of sampledProfile
	if bytes.Contains(data, []byte("built-in method")) || bytes.Contains(data, []byte(".py:5000")) || bytes.Contains(data, []byte(leftOut)) {
		unit = 1e-9
	}
	for line := range strings.Lines(string(data)) {
		at := strings.LastIndexByte(line, ' ')
		n, err := strconv.ParseInt(strings.TrimSpace(line[at+1:]), 10, 64)
		if err != nil {
			return k, err
		}
		k.seconds += float64(n) * unit
		if len(data) < 1<<20 {
			k.names += line[:at] + " "
		}
	}
	if len(data) >= 1<<20 {
		k.names = ""
	}
	return k, nil
}

// readSpeedscope reads the file as speedscope's own importer does.
func readSpeedscope(data []byte) (kept, error) {
	var file struct {
		Schema string `json:"$schema"`
		Shared struct {
			Frames []struct{ Name *string }
		}
		Profiles []struct {
			Type, Name, Unit     string
			StartValue, EndValue int64
			Samples              [][]int
			Weights              []int64
			Events               []struct {
				Type  string
				Frame int
				At    int64
			}
		}
	}
	k := kept{within: 1e-6, names: " "}
	if err := json.Unmarshal(data, &file); err != nil {
		return k, err
	}
	if file.Schema != "https://www.speedscope.app/file-format-schema.json" {
		return k, fmt.Errorf("schema %q", file.Schema)
	}
	for _, f := range file.Shared.Frames {
		k.names += *f.Name + " "
	}
	for _, p := range file.Profiles {
		var sum, last int64
		for i, weight := range p.Weights {
			sum += weight
			for _, frame := range p.Samples[i] {
				if frame < 0 || frame >= len(file.Shared.Frames) {
					return k, fmt.Errorf("sample %d has the frame %d", i, frame)
				}
			}
		}
		var open []int
		for i, e := range p.Events {
			switch {
			case e.At < last || e.At > p.EndValue || e.Frame >= len(file.Shared.Frames):
				return k, fmt.Errorf("event %d is %+v after %d", i, e, last)
			case e.Type == "O":
				open = append(open, e.Frame)
			case e.Type != "C" || len(open) == 0 || open[len(open)-1] != e.Frame:
				return k, fmt.Errorf("event %d is %+v, open are %v", i, e, open)
			default:
				open = open[:len(open)-1]
			}
			last = e.At
		}
		if p.Type == "evented" {
			sum = p.EndValue
		}
		if len(open) > 0 || p.StartValue != 0 || p.EndValue != sum || p.Unit != "nanoseconds" || len(p.Samples) != len(p.Weights) {
			return k, fmt.Errorf("%s goes from %d to %d %s, its weights are %d", p.Type, p.StartValue, p.EndValue, p.Unit, sum)
		}
		k.seconds += float64(sum) / 1e9
	}
	return k, nil
}

// readChrome adds up the outermost spans; those of one thread must not cross.
func readChrome(data []byte) (kept, error) {
	var file struct {
		TraceEvents []struct {
			Ph, Name string
			Ts, Dur  float64
			Pid, Tid int
		}
	}
	k := kept{within: 0.2, names: " "} // what is between two samples is the thread's when they are near
	if err := json.Unmarshal(data, &file); err != nil {
		return k, err
	}
	type track struct{ pid, tid int }
	type span struct{ from, to float64 }
	spans := map[track][]span{}
	for _, e := range file.TraceEvents {
		k.names += e.Name + " "
		if e.Ph == "X" {
			at := track{e.Pid, e.Tid}
			spans[at] = append(spans[at], span{e.Ts, e.Ts + e.Dur})
		}
	}
	for at, list := range spans { // inner ones come first
		var outer []span
		for _, s := range list {
			for len(outer) > 0 && outer[len(outer)-1].from >= s.from-1e-3 {
				if outer[len(outer)-1].to > s.to+1e-3 {
					return k, fmt.Errorf("on %v spans cross: %v and %v", at, outer[len(outer)-1], s)
				}
				outer = outer[:len(outer)-1]
			}
			outer = append(outer, s)
		}
		for _, s := range outer {
			k.seconds += (s.to - s.from) / 1e6
		}
	}
	return k, nil
}

func readCallgrind(data []byte) (kept, error) {
	k := kept{within: 1e-6, names: " "}
	called := false
	for line := range strings.Lines(string(data)) {
		var at, ns int64
		switch {
		case strings.HasPrefix(line, "calls="):
			called = true
		case strings.HasPrefix(line, "fn=") || strings.HasPrefix(line, "cfn="):
			k.names += line
		default:
			if n, _ := fmt.Sscanf(line, "%d %d\n", &at, &ns); n == 2 && !called {
				k.seconds += float64(ns) / 1e9
			} else if n == 2 {
				called = false
			}
		}
	}
	return k, nil
}

func readCSV(data []byte) (kept, error) {
	k := kept{within: 1e-5, names: " "}
	records, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		return k, err
	}
	for i, name := range records[0] {
		for _, r := range records[1:] {
			if name != "own_seconds" || records[0][4] == "caller_line" && r[4] != "" {
				continue
			}
			x, err := strconv.ParseFloat(r[i], 64)
			if err != nil {
				return k, err
			}
			k.seconds += x
		}
	}
	for _, r := range records {
		k.names += r[2] + " "
	}
	return k, nil
}

func readJSON(data []byte) (kept, error) {
	var file struct {
		Period    float64 `json:"period_seconds"`
		Samples   float64
		Sampled   bool
		Seconds   any
		Functions []struct{ Name string }
		Threads   []struct{ Name string }
		Stacks    []struct {
			Samples float64
			Thread  int
			Frames  [][2]int
		}
	}
	k := kept{within: 1e-6, names: " "}
	if err := json.Unmarshal(data, &file); err != nil {
		return k, err
	}
	for _, f := range file.Functions {
		k.names += f.Name + " "
	}
	sum := 0.0
	for _, s := range file.Stacks {
		sum += s.Samples
		if s.Thread >= len(file.Threads) || len(s.Frames) == 0 || s.Frames[0][0] >= len(file.Functions) {
			return k, fmt.Errorf("a stack is %+v", s)
		}
	}
	if sum != file.Samples {
		return k, fmt.Errorf("%v of %v samples", sum, file.Samples)
	}
	k.seconds = sum * file.Period
	if seconds, ok := file.Seconds.(float64); ok {
		k.seconds = seconds
	}
	return k, nil
}
