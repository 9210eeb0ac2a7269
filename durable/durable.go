// Package durable writes files that are whole or absent, also after a crash or a power
// cut. Call [WriteFile], or [WriteShared] for a file that is not for its owner alone; where there is no time to wait for
// the disk, [WriteSoon] and later [Sync].
package durable

import (
	"bufio"
	"io"
	"os"
	"path/filepath"
)

const (
	dirMode    = 0o700
	sharedMode = 0o666 // less the umask
	bufferSize = 64 << 10
)

// WriteFile writes the file at path, mode 0600, with what write puts out: under a temporary
// name (.NAME.*.tmp) in the same folder, synced, renamed, the folder synced. Others see the
// whole file or what was there before. Folders that are missing are made, for the owner
// alone. Where it fails, nothing of it stays; errors name the path.
func WriteFile(path string, write func(io.Writer) error) error {
	return placeSynced(path, write, createPrivate)
}

// WriteShared is WriteFile for a file that a user has named: it has the mode of the file that it takes the place of or, where
// there was none, that of any new file (umask).
func WriteShared(path string, write func(io.Writer) error) error {
	return placeSynced(path, write, createShared)
}

// placeSynced places a file and makes that last. A rename of unsynced data may survive a power cut that the data does not.
func placeSynced(path string, write func(io.Writer) error, create func(path string) (*os.File, error)) error {
	if err := place(path, write, create, (*os.File).Sync); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// WriteSoon is WriteFile without waiting for the disk. Others see the whole file or what was there before; only
// after a power cut, until Sync, it may be empty or absent.
func WriteSoon(path string, write func(io.Writer) error) error {
	return place(path, write, createPrivate, func(*os.File) error { return nil })
}

// Sync makes what stands at path durable.
func Sync(path string) error {
	file, err := os.OpenFile(path, os.O_RDWR, 0) // Windows syncs only what can be written to
	if err != nil {
		return err
	}
	err = file.Sync()
	if closeErr := file.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// place writes under a temporary name and renames.
func place(path string, write func(io.Writer) error, create func(path string) (*os.File, error), sync func(*os.File) error) error {
	if err := os.MkdirAll(filepath.Dir(path), dirMode); err != nil {
		return err
	}
	file, err := create(path)
	if err != nil {
		return err
	}
	if err = fill(file, write); err == nil {
		err = sync(file)
	}
	if closeErr := file.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		_ = os.Remove(file.Name()) // the error that led here is the one to tell
	}
	return err
}

// createPrivate makes the temporary file beside path, mode 0600.
func createPrivate(path string) (*os.File, error) {
	return os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*.tmp")
}

// createShared makes it with the mode that the file is to have.
func createShared(path string) (*os.File, error) {
	file, err := createPrivate(path)
	if err != nil {
		return nil, err
	}
	name := file.Name() + ".tmp" // as free as the first name; only the system applies the umask
	file.Close()
	defer os.Remove(file.Name())
	if file, err = os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, sharedMode); err != nil {
		return nil, err
	}
	if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
		_ = file.Chmod(info.Mode().Perm()) // a file system without modes keeps its own
	}
	return file, nil
}

func fill(file *os.File, write func(io.Writer) error) error {
	buffer := bufio.NewWriterSize(file, bufferSize)
	if err := write(buffer); err != nil {
		return err
	}
	return buffer.Flush()
}
