package imports

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/cantil-py/cantil/profile/pstats"
	"github.com/cantil-py/cantil/profile/stacks"
)

// maxDepth bounds the open calls of an evented profile.
const maxDepth = 1 << 16

// speedscope is the file format of speedscope.app. Its sampled profiles are samples; its evented ones,
// which have the beginning and end of each call, are counted.
func speedscope() Format {
	return Format{Name: "speedscope", Summary: "speedscope.app: sampled and evented profiles; py-spy, rbspy, austin", is: isSpeedscope, read: readSpeedscope}
}

// isSpeedscope: marshal, whose dictionary begins with the same brace, has no quote or blank there. Other JSON is not ours.
func isSpeedscope(head []byte) bool {
	rest, ok := bytes.CutPrefix(bytes.TrimLeft(head, " \t\r\n\ufeff"), []byte("{"))
	if !ok || len(rest) == 0 || bytes.IndexByte([]byte("\" \t\r\n"), rest[0]) < 0 {
		return false
	}
	return bytes.Contains(rest, []byte("speedscope.app/file-format-schema")) || bytes.Contains(rest, []byte(`"profiles"`)) || bytes.Contains(rest, []byte(`"shared"`))
}

// The objects of the format: https://github.com/jlfwong/speedscope, src/lib/file-format-spec.ts.
type speedscopeFile struct {
	Schema   string `json:"$schema"`
	Exporter string `json:"exporter"`
	Name     string `json:"name"`
	Shared   struct {
		Frames []speedscopeFrame `json:"frames"`
	} `json:"shared"`
	Profiles []speedscopeProfile `json:"profiles"`
}

type speedscopeFrame struct {
	Name string `json:"name"`
	File string `json:"file"`
	Line int    `json:"line"`
}

type speedscopeProfile struct {
	Type    string    `json:"type"`
	Name    string    `json:"name"`
	Unit    string    `json:"unit"`
	Start   float64   `json:"startValue"`
	End     float64   `json:"endValue"`
	Samples [][]int   `json:"samples"` // numbers of frames, outermost first
	Weights []float64 `json:"weights"`
	Events  []struct {
		Type  string  `json:"type"` // "O" for open, "C" for close
		At    float64 `json:"at"`
		Frame int     `json:"frame"`
	} `json:"events"`
}

func readSpeedscope(data []byte) (Profile, error) {
	var file speedscopeFile
	if err := json.Unmarshal(bytes.TrimPrefix(data, []byte("\ufeff")), &file); err != nil {
		return Profile{}, fmt.Errorf("damaged JSON: %w", err)
	}
	if len(file.Profiles) == 0 {
		return Profile{}, fmt.Errorf("%w (JSON without profiles)", ErrUnknown)
	}
	kind := file.Profiles[0].Type
	for _, p := range file.Profiles {
		if p.Type != kind {
			return Profile{}, fmt.Errorf("some of its profiles are %s and some %s: they cannot be added up", kind, p.Type)
		}
	}
	switch kind {
	case "sampled":
		return file.sampled()
	case "evented":
		return file.evented()
	}
	return Profile{}, fmt.Errorf("its profiles are %q, not sampled or evented", kind)
}

// unit is what a value of all profiles stands for; 0 for counts of samples.
func (f *speedscopeFile) unit() (perUnit float64, err error) {
	unit := f.Profiles[0].Unit
	for _, p := range f.Profiles {
		if p.Unit != unit {
			return 0, fmt.Errorf("some of its profiles are in %s and some in %s", unit, p.Unit)
		}
	}
	if unit == "none" {
		return 0, nil
	}
	if timeUnit(unit) == 0 {
		return 0, fmt.Errorf("it holds no time, but %s", unit)
	}
	return float64(timeUnit(unit)), nil
}

func (f *speedscopeFile) sampled() (Profile, error) {
	unit, err := f.unit()
	if err != nil {
		return Profile{}, err
	}
	w := newWeighted()
	w.command = f.Name
	if unit > 0 {
		w.perUnit = 1 // weights become nanoseconds
	}
	for number, p := range f.Profiles {
		if len(p.Samples) != len(p.Weights) {
			return Profile{}, fmt.Errorf("profile %d has %d samples and %d weights", number, len(p.Samples), len(p.Weights))
		}
		thread := stacks.Thread{Name: p.Name}
		for i, sample := range p.Samples {
			frames, err := f.frames(w, sample)
			if err == nil {
				err = w.add(thread, frames, p.Weights[i]*max(unit, 1))
			}
			if err != nil {
				return Profile{}, fmt.Errorf("profile %d, sample %d: %w", number, i, err)
			}
		}
	}
	return w.profile()
}

// frames are those of a sample, innermost first. cantil's own files tell the first line of a function, others
// the line that runs.
func (f *speedscopeFile) frames(w *weighted, sample []int) ([]stacks.Frame, error) {
	var frames []stacks.Frame
	for _, number := range slices.Backward(sample) {
		if number < 0 || number >= len(f.Shared.Frames) {
			return nil, fmt.Errorf("frame %d of %d", number, len(f.Shared.Frames))
		}
		frame := f.Shared.Frames[number]
		if f.Exporter == "cantil" {
			frames = append(frames, w.frame(frame.Name, frame.File, frame.Line, 0))
		} else {
			frames = append(frames, w.frame(frame.Name, frame.File, 0, frame.Line))
		}
	}
	return frames, nil
}

// evented counts the calls of all profiles.
func (f *speedscopeFile) evented() (Profile, error) {
	unit, err := f.unit()
	if err != nil {
		return Profile{}, err
	}
	if unit == 0 {
		return Profile{}, fmt.Errorf("its events have no unit of time")
	}
	t := &timeline{calls: newCalls(), running: map[pstats.FuncID]int{}}
	for number, p := range f.Profiles {
		at := p.Start
		for i, e := range p.Events {
			if !(e.At >= at) {
				return Profile{}, fmt.Errorf("profile %d, event %d: it lies before the one before", number, i)
			}
			if e.Frame < 0 || e.Frame >= len(f.Shared.Frames) {
				return Profile{}, fmt.Errorf("profile %d, event %d: frame %d of %d", number, i, e.Frame, len(f.Shared.Frames))
			}
			t.pass((e.At - at) * unit / 1e9)
			at = e.At
			frame := f.Shared.Frames[e.Frame]
			if err := t.event(e.Type, funcOf(frame.Name, frame.File, frame.Line)); err != nil {
				return Profile{}, fmt.Errorf("profile %d, event %d: %w", number, i, err)
			}
		}
		for len(t.open) > 0 { // the profile ended before they did
			t.close()
		}
	}
	return t.calls.profile()
}

// funcOf names a function as pstats does; one without a file is no Python's.
func funcOf(name, file string, line int) pstats.Func {
	if file == "" {
		return pstats.Func{File: "~", Name: name}
	}
	return pstats.Func{File: file, Line: int64(bounded(line)), Name: name}
}

// timeline follows calls as they open and close.
type timeline struct {
	calls   *calls
	open    []openCall
	running map[pstats.FuncID]int // how often each is among the open ones
}

type openCall struct {
	id        pstats.FuncID
	own, took float64 // seconds: in itself, and with what it called
}

// pass lets time go by, in the innermost call.
func (t *timeline) pass(seconds float64) {
	if n := len(t.open); n > 0 {
		t.open[n-1].own += seconds
	}
}

func (t *timeline) event(kind string, f pstats.Func) error {
	id := t.calls.id(f)
	switch kind {
	case "O":
		if len(t.open) >= maxDepth {
			return fmt.Errorf("more than %d calls are open", maxDepth)
		}
		t.open = append(t.open, openCall{id: id})
		t.running[id]++
	case "C":
		if len(t.open) == 0 || t.open[len(t.open)-1].id != id {
			return fmt.Errorf("%s closes, which is not the innermost call", f.Name)
		}
		t.close()
	default:
		return fmt.Errorf("it is %q, neither O nor C", kind)
	}
	return nil
}

// close counts the innermost call, as cProfile does: of a recursion, the outermost call's time.
func (t *timeline) close() {
	n := len(t.open) - 1
	call := t.open[n]
	t.open = t.open[:n]
	t.running[call.id]--
	took := call.own + call.took
	c := pstats.Counts{Calls: 1, Own: call.own}
	if t.running[call.id] == 0 {
		c.Primitive, c.Cumulative = 1, took
	}
	add(&t.calls.rows[call.id].Counts, c)
	if n > 0 {
		t.open[n-1].took += took
		add(t.calls.edge(t.open[n-1].id, call.id), c)
	}
}
