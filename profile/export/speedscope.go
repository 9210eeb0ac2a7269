package export

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/cantil-py/cantil/profile/stacks"
)

// speedscope is the file format of speedscope.app: a profile for each thread, in the
// order of time. A frame is a function, with its first line.
func speedscope() Format {
	return Format{
		Name: "speedscope", Summary: "speedscope.app: flame graphs by time and by weight, a profile for each thread", Ending: ".speedscope.json",
		Sampled: writeSpeedscope,
	}
}

// The objects of the format: https://github.com/jlfwong/speedscope, src/lib/file-format-spec.ts
// (frames, stacks and weights of "sampled" profiles).
type speedscopeFile struct {
	Schema   string              `json:"$schema"`
	Exporter string              `json:"exporter"`
	Name     string              `json:"name"`
	Shared   speedscopeShared    `json:"shared"`
	Profiles []speedscopeProfile `json:"profiles"`
}

type speedscopeShared struct {
	Frames []speedscopeFrame `json:"frames"`
}

type speedscopeFrame struct {
	Name string `json:"name"`
	File string `json:"file,omitempty"`
	Line int    `json:"line,omitempty"`
}

type speedscopeProfile struct {
	Type    string    `json:"type"`
	Name    string    `json:"name"`
	Unit    string    `json:"unit"`
	Start   int64     `json:"startValue"`
	End     int64     `json:"endValue"`
	Samples [][]int32 `json:"samples"` // numbers of frames, outermost first
	Weights []int64   `json:"weights"`
}

func writeSpeedscope(w io.Writer, p *stacks.Profile) error {
	file := speedscopeFile{
		Schema: "https://www.speedscope.app/file-format-schema.json", Exporter: "cantil",
		Name:   strings.Join(p.Info.Command, " "),
		Shared: speedscopeShared{Frames: []speedscopeFrame{}}, Profiles: []speedscopeProfile{},
	}
	if file.Name == "" {
		file.Name = path.Base(p.Info.Executable)
	}
	for _, f := range p.Funcs {
		file.Shared.Frames = append(file.Shared.Frames, speedscopeFrame{Name: f.Name, File: f.File, Line: f.FirstLine})
	}
	places := map[stacks.ThreadID]int{}
	for _, s := range p.Samples {
		place, ok := places[s.Thread]
		if !ok {
			place = len(file.Profiles)
			places[s.Thread] = place
			file.Profiles = append(file.Profiles, speedscopeProfile{Type: "sampled", Unit: "nanoseconds", Name: threadName(p.Threads[s.Thread])})
		}
		file.Profiles[place].add(p, s.Stack)
	}
	out := bufio.NewWriter(w)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(file); err != nil {
		return fmt.Errorf("writing speedscope's format: %w", err)
	}
	return out.Flush()
}

// add adds a sample; one whose functions are those of the last makes that one longer.
func (s *speedscopeProfile) add(p *stacks.Profile, id stacks.StackID) {
	var stack []int32
	for f := range p.Stack(id) {
		stack = append(stack, int32(f.Func))
	}
	slices.Reverse(stack)
	period := max(1, p.Period().Nanoseconds())
	if n := len(s.Samples); n > 0 && slices.Equal(s.Samples[n-1], stack) {
		s.Weights[n-1] += period
	} else {
		s.Samples, s.Weights = append(s.Samples, stack), append(s.Weights, period)
	}
	s.End += period
}

func threadName(t stacks.Thread) string {
	name := t.Name
	if name == "" {
		name = "thread"
	}
	name = fmt.Sprintf("%s, process %d", name, t.PID)
	if t.TID != 0 {
		name += fmt.Sprintf(", thread %d", t.TID)
	}
	if t.Interp != 0 {
		name += fmt.Sprintf(", interpreter %d", t.Interp)
	}
	return name
}
