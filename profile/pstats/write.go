package pstats

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/cantil-py/cantil/value/marshal"
)

// WriteFile writes the profile as a file that the pstats of every CPython from
// 3.6 on loads. The file is complete or not there: it is written under another
// name in the same folder, synced, and renamed.
func (s *Stats) WriteFile(path string) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("writing a profile: %w", err)
	}
	if err := s.replace(path, f); err != nil {
		f.Close()
		os.Remove(f.Name())
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return nil
}

// replace fills f and puts it in place of path.
func (s *Stats) replace(path string, f *os.File) error {
	if err := s.Write(f); err != nil {
		return err
	}
	if err := f.Chmod(modeOf(path)); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// modeOf is the mode of the file that is replaced, else the usual one.
func modeOf(path string) os.FileMode {
	if info, err := os.Stat(path); err == nil {
		return info.Mode().Perm()
	}
	return 0o644
}

// Write writes the profile in the order of its functions in the file it came
// from, as dump_stats does. CPython reads equal figures and names from it, but
// for two things: a time that was the int 0 becomes 0.0, and a name that was a
// code object, which no other version could load, becomes text.
// An empty profile is an error, as no pstats would load it.
func (s *Stats) Write(w io.Writer) error {
	if len(s.order) == 0 && !s.Sampled {
		return errors.New("the profile is empty: pstats could not load it")
	}
	p := profileWriter{
		e:    marshal.NewEncoder(w),
		rows: s.Rows,
		keys: make([]int32, len(s.Rows)),
		text: make(map[string]int32, len(s.Rows)),
	}
	p.e.Dict()
	if s.Sampled {
		p.e.Tuple(1)
		p.e.String("__sampled__")
		p.e.Bool(true)
	}
	for _, id := range s.order {
		p.row(id)
	}
	p.e.End()
	return p.e.Flush()
}

// profileWriter writes each name and key once, and then refers to it.
type profileWriter struct {
	e    *marshal.Encoder
	rows []Row
	keys []int32 // number of a function's key, plus 1
	text map[string]int32
}

func (p *profileWriter) row(id FuncID) {
	row := &p.rows[id]
	p.key(id)
	p.e.Tuple(5)
	p.e.Int(row.Primitive)
	p.e.Int(row.Calls)
	p.e.Float(row.Own)
	p.e.Float(row.Cumulative)
	p.e.Dict()
	for i := range row.Callers {
		p.edge(&row.Callers[i])
	}
	p.e.End()
}

func (p *profileWriter) edge(e *Edge) {
	p.key(e.Caller)
	if e.CountOnly {
		p.e.Int(e.Calls)
		return
	}
	p.e.Tuple(4)
	p.e.Int(e.Calls)
	p.e.Int(e.Primitive)
	p.e.Float(e.Own)
	p.e.Float(e.Cumulative)
}

func (p *profileWriter) key(id FuncID) {
	if number := p.keys[id]; number != 0 {
		p.e.Ref(int(number - 1))
		return
	}
	p.keys[id] = int32(p.e.Share()) + 1
	f := &p.rows[id].Func
	p.e.Tuple(3)
	p.name(f.File)
	p.e.Int(f.Line)
	p.name(f.Name)
}

func (p *profileWriter) name(s string) {
	if number, ok := p.text[s]; ok {
		p.e.Ref(int(number))
		return
	}
	p.text[s] = int32(p.e.Share())
	p.e.Interned(s)
}
