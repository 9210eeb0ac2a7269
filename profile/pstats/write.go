package pstats

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"

	"github.com/cantil-py/cantil/value/marshal"
)

// WriteFile writes the profile as a file that the pstats of every CPython from
// 3.6 on loads. The file is complete or not there: it is written under another
// name in the same folder, synced, and renamed. It takes the mode of the file it
// replaces. What is no ordinary file, such as a pipe, is written to as it is.
func (s *Stats) WriteFile(path string) error {
	if err := s.writeFile(path); err != nil {
		return fmt.Errorf("writing a profile: %w", err)
	}
	return nil
}

func (s *Stats) writeFile(path string) error {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real // a link stays one
	}
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		return s.writeInto(path)
	}
	f, err := createBeside(path)
	if err != nil {
		return err
	}
	if info != nil {
		err = f.Chmod(info.Mode().Perm())
	}
	if err == nil {
		err = s.fill(f)
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}

// createBeside makes a new file in the folder of path.
func createBeside(path string) (*os.File, error) {
	const tries = 100 // more than that all taken by chance is no chance
	var f *os.File
	var err error
	for range tries {
		name := fmt.Sprintf(".cantil-%08x.tmp", rand.Uint32())
		f, err = os.OpenFile(filepath.Join(filepath.Dir(path), name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if !errors.Is(err, os.ErrExist) {
			break
		}
	}
	return f, err
}

// fill writes, syncs and closes a file.
func (s *Stats) fill(f *os.File) error {
	err := s.Write(f)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// writeInto writes to a device or a pipe. A folder gives the error of opening it.
func (s *Stats) writeInto(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return errors.Join(s.Write(f), f.Close())
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
