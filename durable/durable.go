// Package durable writes files that are whole or absent, also after a crash or a power
// cut. Call [WriteFile].
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
	buffer := bufio.NewWriterSize(file, bufferSize)
	if err := write(buffer); err != nil {
		return err
	}
	if err := buffer.Flush(); err != nil {
		return err
	}
	return file.Sync()
}
