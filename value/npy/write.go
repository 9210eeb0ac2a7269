package npy

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

// Write writes a in the .npy format, in the lowest version that can hold it. Arrays of
// Python objects need [Options].
func Write(w io.Writer, a *Array) error { return Options{}.Write(w, a) }

// Write is [Write] with options.
func (o Options) Write(w io.Writer, a *Array) error {
	if a.DType.HasObjects() {
		return o.writeObjects(w, a)
	}
	if err := a.check(); err != nil {
		return err
	}
	head, err := makeHeader(a)
	if err != nil {
		return err
	}
	if _, err := w.Write(head); err != nil {
		return err
	}
	_, err = w.Write(a.Data)
	return err
}

// writeObjects writes a header, and behind it the whole array pickled.
func (o Options) writeObjects(w io.Writer, a *Array) error {
	if o.Pickle == nil {
		return errors.New("the array holds Python objects, and no encoder for them was given")
	}
	v, err := a.Value()
	if err != nil {
		return err
	}
	pickle, err := o.Pickle(v)
	if err != nil {
		return err
	}
	head, err := makeHeader(a)
	if err != nil {
		return err
	}
	if _, err := w.Write(head); err != nil {
		return err
	}
	_, err = w.Write(pickle)
	return err
}

// Save writes a to the .npy file at path: all of it, or the file stays as it was.
func Save(path string, a *Array) error { return Options{}.Save(path, a) }

// Save is [Save] with options.
func (o Options) Save(path string, a *Array) error {
	return replaceFile(path, func(w io.Writer) error { return o.Write(w, a) })
}

// replaceFile has write fill a new file, which then takes the place of the one at path.
func replaceFile(path string, write func(io.Writer) error) error {
	name := fmt.Sprintf("%s.%d-%d.partial", path, os.Getpid(), time.Now().UnixNano())
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, unwrapPath(err))
	}
	if err = errors.Join(write(f), f.Sync(), f.Close()); err == nil {
		err = os.Rename(name, path)
	}
	if err != nil {
		os.Remove(name)
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return nil
}
