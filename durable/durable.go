// Package durable writes files that are whole or absent, also after a crash or a power
// cut. Call [WriteFile]; or, where there is no time to wait for the disk, [WriteSoon] and later [Sync].
package durable

import (
	"bufio"
	"io"
	"os"
	"path/filepath"
)

const (
	dirMode    = 0o700
	bufferSize = 64 << 10
)

// WriteFile writes the file at path, mode 0600, with what write puts out: under a temporary
// name (.NAME.*.tmp) in the same folder, synced, renamed, the folder synced. Others see the
// whole file or what was there before. Folders that are missing are made, for the owner
// alone. Where it fails, nothing of it stays; errors name the path.
func WriteFile(path string, write func(io.Writer) error) error {
	if err := place(path, write, (*os.File).Sync); err != nil { // a rename of unsynced data may survive a power cut that the data does not
		return err
	}
	return syncDir(filepath.Dir(path))
}

// WriteSoon is WriteFile without waiting for the disk. Others see the whole file or what was there before; only
// after a power cut, until Sync, it may be empty or absent.
func WriteSoon(path string, write func(io.Writer) error) error {
	return place(path, write, func(*os.File) error { return nil })
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
func place(path string, write func(io.Writer) error, sync func(*os.File) error) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, dirMode); err != nil {
		return err
	}
	file, err := os.CreateTemp(dir, "."+filepath.Base(path)+".*.tmp") // mode 0600
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

func fill(file *os.File, write func(io.Writer) error) error {
	buffer := bufio.NewWriterSize(file, bufferSize)
	if err := write(buffer); err != nil {
		return err
	}
	return buffer.Flush()
}
