package export

import (
	"bufio"
	"encoding/json"
	"io"
	"strconv"

	"github.com/cantil-py/cantil/profile/pstats"
	"github.com/cantil-py/cantil/profile/stacks"
)

// jsonFormat is all that a profile has, for programs. That of an exact one is what cantil
// stats --json writes: docs/formats/stats.md. That of samples is in docs/formats/export.md.
func jsonFormat() Format {
	return Format{
		Name: "json", Summary: "programs: all that is in the profile", Ending: ".json",
		Sampled: writeJSON,
		Exact:   func(w io.Writer, s *pstats.Stats) error { return s.WriteJSON(w) },
	}
}

// stackKey is what samples are counted by.
type stackKey struct {
	thread stacks.ThreadID
	stack  stacks.StackID
	state  stacks.State
}

func writeJSON(w io.Writer, p *stacks.Profile) error {
	info, err := json.Marshal(p.Info)
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(w, 1<<16)
	line := append(append([]byte(`{"sampled":true,"info":`), info...), ",\n\"period_seconds\":"...)
	line = strconv.AppendFloat(line, p.Period().Seconds(), 'g', -1, 64)
	line = strconv.AppendInt(append(line, `,"samples":`...), int64(len(p.Samples)), 10)
	out.Write(append(line, `,"functions":[`...))
	for i, f := range p.Funcs {
		line = appendJSON(append(separated(line, i), `{"file":`...), f.File)
		line = strconv.AppendInt(append(line, `,"line":`...), int64(f.FirstLine), 10)
		line = appendJSON(append(line, `,"name":`...), f.Name)
		out.Write(append(strconv.AppendBool(append(line, `,"native":`...), f.Native), '}'))
	}
	out.WriteString("\n],\"threads\":[")
	for i, t := range p.Threads {
		line = strconv.AppendInt(append(separated(line, i), `{"pid":`...), int64(t.PID), 10)
		line = strconv.AppendInt(append(line, `,"tid":`...), int64(t.TID), 10)
		line = strconv.AppendInt(append(line, `,"interpreter":`...), t.Interp, 10)
		out.Write(append(appendJSON(append(line, `,"name":`...), t.Name), '}'))
	}
	out.WriteString("\n],\"stacks\":[")
	writeStacks(out, p)
	out.WriteString("\n]}\n")
	return out.Flush() // it keeps the first error
}

// writeStacks writes each different stack of a thread in a state, with its samples, in the
// order in which they were first seen.
func writeStacks(out *bufio.Writer, p *stacks.Profile) {
	counts := map[stackKey]int64{}
	var order []stackKey
	for _, s := range p.Samples {
		key := stackKey{s.Thread, s.Stack, s.State}
		if counts[key] == 0 {
			order = append(order, key)
		}
		counts[key]++
	}
	var line []byte
	for i, key := range order {
		line = strconv.AppendInt(append(separated(line, i), `{"thread":`...), int64(key.thread), 10)
		line = append(append(append(line, `,"state":"`...), key.state.String()...), '"')
		line = strconv.AppendInt(append(line, `,"samples":`...), counts[key], 10)
		line = append(line, `,"frames":[`...)
		for f := range p.Stack(key.stack) {
			line = strconv.AppendInt(append(line, '['), int64(f.Func), 10)
			line = append(strconv.AppendInt(append(line, ','), int64(f.Line), 10), ']', ',')
		}
		out.Write(append(line[:len(line)-1], ']', '}'))
	}
}

// separated begins a line, after a comma where it is not the first.
func separated(line []byte, i int) []byte {
	if i > 0 {
		return append(line[:0], ',', '\n')
	}
	return append(line[:0], '\n')
}
