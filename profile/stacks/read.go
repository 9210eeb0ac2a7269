package stacks

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strings"

	"github.com/cantil-py/cantil/profile/proto"
)

// Bounds on a file that is read.
const (
	maxFile   = 512 << 20 // compressed, and again uncompressed
	maxMemory = 2 << 30   // that its decoded form may need
)

// ErrForeign is wrapped by the error about a profile.proto that no sampler of cantil
// wrote.
var ErrForeign = errors.New("it is a profile of another program")

// Is says whether a file that begins with head, of at least two bytes, can be a profile
// of samples: whether it is compressed with gzip.
func Is(head []byte) bool { return bytes.HasPrefix(head, []byte{0x1f, 0x8b}) }

// Open reads the file at path. Its errors name the path.
func Open(path string) (*Profile, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	p, err := Read(file)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", path, err)
	}
	return p, nil
}

// Read reads what [Profile.Write] wrote. Where another tool has rewritten the file since,
// so that the order of the samples does not fit them, the profile is Untimed.
func Read(r io.Reader) (*Profile, error) {
	raw, err := unzip(r)
	if err != nil {
		return nil, err
	}
	return parse(raw)
}

// parse reads a profile.proto that is not compressed.
func parse(raw []byte) (*Profile, error) {
	in, err := proto.Unmarshal(raw, maxMemory)
	if err != nil {
		return nil, fmt.Errorf("not a profile of samples: %w", err)
	}
	return decode(in)
}

// unzip decompresses at most maxFile bytes.
func unzip(r io.Reader) ([]byte, error) {
	zipped, err := gzip.NewReader(io.LimitReader(r, maxFile))
	if err != nil {
		return nil, fmt.Errorf("not a profile of samples: %w", err)
	}
	raw, err := io.ReadAll(io.LimitReader(zipped, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("a profile of samples that is damaged: %w", err)
	}
	if len(raw) > maxFile {
		return nil, fmt.Errorf("longer than %d MiB", maxFile>>20)
	}
	return raw, nil
}

// decode makes our model of the format's.
func decode(in *proto.Profile) (*Profile, error) {
	info, err := readInfo(in)
	if err != nil {
		return nil, err
	}
	d := &decoder{in: in, r: NewRecorder(), counts: make([]int64, len(in.Samples))}
	for i := range in.Samples {
		if err := d.sample(&in.Samples[i]); err != nil {
			return nil, err
		}
	}
	p := d.r.Profile(info)
	p.Info.Stride, p.Info.LeftOut = max(1, info.Stride), info.LeftOut
	if !d.inOrder() {
		p.Untimed = true
		d.withoutOrder()
	}
	p.Samples = d.samples
	return p, nil
}

// readInfo reads the comment that has what profile.proto has no field for.
func readInfo(in *proto.Profile) (Info, error) {
	var info Info
	text, ok := comment(in, infoPrefix)
	if !ok {
		return info, fmt.Errorf("not samples of cantil: %w", ErrForeign)
	}
	if err := json.Unmarshal([]byte(text), &info); err != nil {
		return info, fmt.Errorf("a profile of samples that is damaged: its info: %w", err)
	}
	return info, nil
}

// comment finds the one comment with a prefix; two are of profiles that were merged.
func comment(in *proto.Profile, prefix string) (text string, ok bool) {
	for _, c := range in.Comments {
		if rest, is := strings.CutPrefix(c, prefix); is {
			if ok {
				return "", false
			}
			text, ok = rest, true
		}
	}
	return text, ok
}

// decoder reads the samples of a profile.proto.
type decoder struct {
	in      *proto.Profile
	r       *Recorder
	groups  []group // by sample of profile.proto
	counts  []int64
	total   int64
	frames  []Frame
	samples []Sample
}

// sample takes one sample of profile.proto, which stands for many of ours.
func (d *decoder) sample(s *proto.Sample) error {
	i := len(d.groups)
	if len(s.Values) == 0 || s.Values[0] < 0 || s.Values[0] > maxRead || len(s.Locations) == 0 || len(s.Locations) > MaxDepth {
		return fmt.Errorf("a profile of samples that is damaged: sample %d has %d frames and %v for its values", i, len(s.Locations), s.Values)
	}
	d.frames = d.frames[:0]
	for _, l := range s.Locations {
		frame, err := d.frame(l)
		if err != nil {
			return err
		}
		d.frames = append(d.frames, frame)
	}
	thread := d.r.Thread(Thread{
		PID: int(s.Number(labelPID)), TID: int(s.Number(labelTID)),
		Interp: s.Number(labelInterp), Name: s.Text(labelThread),
	})
	d.groups = append(d.groups, group{d.r.stack(thread, d.frames), thread, stateOf(s.Text(labelState))})
	d.counts[i] = s.Values[0]
	if d.total += s.Values[0]; d.total > maxRead {
		return fmt.Errorf("more than %d samples", maxRead)
	}
	return nil
}

// frame takes the location of a number; ours have one line each.
func (d *decoder) frame(number int) (Frame, error) {
	l := &d.in.Locations[number]
	if len(l.Lines) != 1 || l.Lines[0].Function == proto.None || l.Lines[0].Line < 0 || l.Lines[0].Line > math.MaxInt32 {
		return Frame{}, fmt.Errorf("a profile of samples that is damaged: location %d", number+1)
	}
	fn := &d.in.Functions[l.Lines[0].Function]
	f := Func{Name: fn.Name, File: fn.File, FirstLine: int(fn.StartLine)}
	if f.File == nativeName {
		f.File, f.Native = "", true
	}
	return Frame{d.r.Func(f), int32(l.Lines[0].Line)}, nil
}

func stateOf(name string) State {
	for i, known := range stateNames {
		if name == known {
			return State(i)
		}
	}
	return Idle
}

// inOrder makes the samples from their order, if there is one that fits them.
func (d *decoder) inOrder() bool {
	text, ok := comment(d.in, orderPrefix)
	if !ok {
		return false
	}
	moments, err := decodeOrder(text)
	if err != nil || int64(len(moments)) != d.total {
		return false
	}
	left := append([]int64(nil), d.counts...)
	d.samples = make([]Sample, len(moments))
	for i, m := range moments {
		if m.number >= len(left) || left[m.number] == 0 {
			return false
		}
		left[m.number]--
		g := d.groups[m.number]
		d.samples[i] = Sample{At: m.at, Thread: g.thread, Stack: g.stack, State: g.state}
	}
	return true
}

// withoutOrder makes the samples from their numbers alone.
func (d *decoder) withoutOrder() {
	d.samples = make([]Sample, 0, d.total)
	for i, g := range d.groups {
		for range d.counts[i] {
			d.samples = append(d.samples, Sample{Thread: g.thread, Stack: g.stack, State: g.state})
		}
	}
}
