package parts

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/cantil-py/cantil/value/marshal"
)

const (
	liveEnding    = ".live"
	threadsEnding = ".threads"
	// maxFile bounds one file: some ten million functions.
	maxFile = 1 << 30
	// maxProcesses bounds the files of a folder that are read.
	maxProcesses = 100_000
)

// Read reads the profiles in a run's parts folder, the main process first and then
// by time of start. A damaged file does not hide the others: what could be read is
// returned together with an error that names each file and what is wrong with it.
func Read(dir string) ([]Process, error) {
	files, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("reading the parts of a run: %w", err)
	}
	var processes []Process
	var damage []error
	for _, f := range files {
		base, ok := strings.CutSuffix(f.Name(), liveEnding)
		if !ok {
			base, ok = onlyThreads(dir, f.Name())
		}
		if !ok {
			continue
		}
		if len(processes) >= maxProcesses {
			damage = append(damage, fmt.Errorf("%s holds more than %d processes: the rest is left out", dir, maxProcesses))
			break
		}
		p, err := readProcess(filepath.Join(dir, base))
		if err != nil {
			damage = append(damage, err)
		}
		if p != nil {
			processes = append(processes, *p)
		}
	}
	slices.SortStableFunc(processes, byStart)
	return processes, errors.Join(damage...)
}

// onlyThreads finds a process that was killed before its first snapshot, but after a thread ended.
func onlyThreads(dir, name string) (base string, ok bool) {
	base, ok = strings.CutSuffix(name, threadsEnding)
	if !ok {
		return "", false
	}
	_, err := os.Stat(filepath.Join(dir, base+liveEnding))
	return base, err != nil
}

func byStart(a, b Process) int {
	if (a.Role == "main") != (b.Role == "main") {
		if a.Role == "main" {
			return -1
		}
		return 1
	}
	return a.Started.Compare(b.Started)
}

func readProcess(base string) (*Process, error) {
	p := &Process{File: filepath.Base(base), Ended: "snapshot", Role: "fork"}
	var live []Thread
	data, err := readFile(base + liveEnding)
	if err == nil {
		live, err = p.decodeLive(data)
	} else if os.IsNotExist(err) {
		err = nil
	}
	if err != nil {
		err = fmt.Errorf("reading %s: %w", base+liveEnding, err)
	}
	ended, endedErr := readThreads(base + threadsEnding)
	p.Threads = ended
	for _, t := range live {
		// A thread that has ended is in the snapshot too, if that is older.
		if !slices.ContainsFunc(ended, func(e Thread) bool { return e.Serial == t.Serial }) {
			p.Threads = append(p.Threads, t)
		}
	}
	slices.SortStableFunc(p.Threads, func(a, b Thread) int { return int(a.Serial - b.Serial) })
	return p, errors.Join(err, endedErr)
}

func readFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Size() > maxFile {
		return nil, fmt.Errorf("it is larger than %d MiB", maxFile>>20)
	}
	return os.ReadFile(path)
}

// readThreads reads the records of ended threads: a length in 8 bytes, little-endian,
// then marshal data. The last may be cut off where the process was killed.
func readThreads(path string) ([]Thread, error) {
	data, err := readFile(path)
	if os.IsNotExist(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", path, err)
	}
	var threads []Thread
	for offset := 0; len(data)-offset >= 8; {
		size := binary.LittleEndian.Uint64(data[offset:])
		offset += 8
		if size > uint64(len(data)-offset) {
			return threads, nil // cut off by a kill; the snapshot before has this thread
		}
		t, err := decodeThread(data[offset : offset+int(size)])
		if err != nil {
			return threads, fmt.Errorf("reading %s: record at byte %d: %w", path, offset, err)
		}
		threads = append(threads, t)
		offset += int(size)
	}
	return threads, nil
}

func (p *Process) decodeLive(data []byte) ([]Thread, error) {
	f, err := openFields(data)
	if err != nil {
		return nil, err
	}
	if format := f.int("format"); f.err == nil && format != 1 {
		return nil, fmt.Errorf("it has format %d; this cantil reads 1", format)
	}
	p.PID, p.Parent, p.Role = f.int("pid"), f.int("ppid"), f.text("role")
	p.Python, p.Executable, p.Ended = f.text("python"), f.text("executable"), f.text("how")
	p.Argv, p.Warnings = f.texts("argv"), f.texts("warnings")
	p.Started, p.Saved = f.time("started"), f.time("saved")
	p.Snapshots = f.int("snapshots")
	p.SnapshotCost = time.Duration(f.float("snapshot_seconds") * float64(time.Second))
	var threads []Thread
	for _, v := range f.list("threads") {
		d, ok := v.(*marshal.Dict)
		if !ok {
			return nil, errors.New("a thread is not a dict")
		}
		t, err := threadOf(&fields{dict: d})
		if err != nil {
			return nil, err
		}
		threads = append(threads, t)
	}
	return threads, f.err
}

func decodeThread(data []byte) (Thread, error) {
	f, err := openFields(data)
	if err != nil {
		return Thread{}, err
	}
	return threadOf(f)
}
