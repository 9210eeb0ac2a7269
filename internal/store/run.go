package store

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

const fileMode = 0o600

// Run is one run's folder, open for writing by the processes of that run.
type Run struct {
	ID  string // the folder's name
	Dir string // absolute
}

// Parts is the folder for what each process and thread writes apart, before it is merged.
func (r *Run) Parts() string { return filepath.Join(r.Dir, partsName) }

// Boot is the folder of the store for the files that start Python programs, shared by its runs.
func (r *Run) Boot() string { return filepath.Join(filepath.Dir(filepath.Dir(r.Dir)), bootName) }

// Path is the path of a file of the run.
func (r *Run) Path(name string) string { return filepath.Join(r.Dir, name) }

// WriteJSON writes v as the file called name, indented, atomically.
func (r *Run) WriteJSON(name string, v any) error {
	return r.WriteFile(name, func(w io.Writer) error {
		encoder := json.NewEncoder(w)
		encoder.SetIndent("", "  ")
		encoder.SetEscapeHTML(false)
		return encoder.Encode(v)
	})
}

// WriteFile writes the file called name with what write puts out, atomically: others see the
// whole file or none, also after a crash or a power cut. Where it fails, nothing of it stays.
// The name may have folders in it ("kept/x.pkl"), but must stay inside the run.
func (r *Run) WriteFile(name string, write func(io.Writer) error) error {
	if !filepath.IsLocal(name) {
		return fmt.Errorf("writing %q: the name leads out of the run's folder", name)
	}
	if err := writeAtomically(r.Path(name), write); err != nil {
		return fmt.Errorf("writing %s of run %s: %w", name, r.ID, err)
	}
	return nil
}

func writeAtomically(path string, write func(io.Writer) error) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, dirMode); err != nil {
		return err
	}
	file, err := os.CreateTemp(dir, "."+filepath.Base(path)+".*.tmp") // mode 0600
	if err != nil {
		return err
	}
	err = fill(file, write)
	if closeErr := file.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		_ = os.Remove(file.Name()) // the error that led here is the one to tell
		return err
	}
	return syncDir(dir)
}

// fill writes and syncs: a rename of unsynced data may survive a power cut that the data does not.
func fill(file *os.File, write func(io.Writer) error) error {
	buffer := bufio.NewWriterSize(file, 64<<10)
	if err := write(buffer); err != nil {
		return err
	}
	if err := buffer.Flush(); err != nil {
		return err
	}
	return file.Sync()
}
