package store

import (
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"

	"github.com/cantil-py/cantil/durable"
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
	return r.WriteFile(name, func(w io.Writer) error { return encodeJSON(w, v) })
}

func encodeJSON(w io.Writer, v any) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(v)
}

// WriteAsked writes run.json, atomically but without waiting for the disk: the program is waiting to be
// started. Whoever has time for it later calls durable.Sync.
func (r *Run) WriteAsked(asked Asked) error {
	if err := durable.WriteSoon(r.Path(AskedFile), func(w io.Writer) error { return encodeJSON(w, asked) }); err != nil {
		return fmt.Errorf("writing %s of run %s: %w", AskedFile, r.ID, err)
	}
	return nil
}

// WriteFile writes the file called name with what write puts out, atomically: others see the
// whole file or none, also after a crash or a power cut. Where it fails, nothing of it stays.
// The name may have folders in it ("kept/x.pkl"), but must stay inside the run.
func (r *Run) WriteFile(name string, write func(io.Writer) error) error {
	if !filepath.IsLocal(name) {
		return fmt.Errorf("writing %q: the name leads out of the run's folder", name)
	}
	if err := durable.WriteFile(r.Path(name), write); err != nil {
		return fmt.Errorf("writing %s of run %s: %w", name, r.ID, err)
	}
	return nil
}
