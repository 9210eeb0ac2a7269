package remote

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sort"
)

// maxRecorded bounds a recording that is read: 64 MiB, some hundred times a real one.
const maxRecorded = 64 << 20

// Recording is memory that was read once: pages of it, by address. The zero value is
// an empty memory. It answers for the bytes that it has and fails for all others.
type Recording struct {
	PID    int
	Blocks []Block // ascending, not overlapping
}

// Block is a stretch of recorded memory.
type Block struct {
	Addr uint64
	Data []byte
}

// Read fills buf from addr on.
func (r *Recording) Read(addr uint64, buf []byte) error {
	for done := 0; done < len(buf); {
		at := addr + uint64(done)
		i := sort.Search(len(r.Blocks), func(i int) bool { return r.Blocks[i].Addr > at }) - 1
		if i < 0 || at-r.Blocks[i].Addr >= uint64(len(r.Blocks[i].Data)) {
			return &ReadError{r.PID, addr, len(buf), done, errors.New("not recorded")}
		}
		done += copy(buf[done:], r.Blocks[i].Data[at-r.Blocks[i].Addr:])
	}
	return nil
}

// ReadMany fills the ranges one after the other.
func (r *Recording) ReadMany(ranges []Range) (int, error) {
	for i, one := range ranges {
		if err := r.Read(one.Addr, one.Buf); err != nil {
			return i, err
		}
	}
	return len(ranges), nil
}

// Write saves the recording.
func (r *Recording) Write(w io.Writer) error {
	if err := json.NewEncoder(w).Encode(r); err != nil {
		return fmt.Errorf("writing a recording of memory: %w", err)
	}
	return nil
}

// ReadRecording loads what [Recording.Write] saved.
func ReadRecording(from io.Reader) (*Recording, error) {
	r := &Recording{}
	if err := json.NewDecoder(io.LimitReader(from, maxRecorded)).Decode(r); err != nil {
		return nil, fmt.Errorf("reading a recording of memory: %w", err)
	}
	for i := 1; i < len(r.Blocks); i++ {
		if r.Blocks[i].Addr < r.Blocks[i-1].Addr+uint64(len(r.Blocks[i-1].Data)) {
			return nil, fmt.Errorf("reading a recording of memory: block %d overlaps the one before", i)
		}
	}
	return r, nil
}

// Recorder passes reads on and remembers every byte that they gave.
type Recorder struct {
	Memory Memory
	bytes  map[uint64]byte
}

// Read fills buf from addr on.
func (r *Recorder) Read(addr uint64, buf []byte) error {
	err := r.Memory.Read(addr, buf)
	if err == nil {
		r.keep(addr, buf)
	}
	return err
}

// ReadMany fills the ranges.
func (r *Recorder) ReadMany(ranges []Range) (int, error) {
	n, err := r.Memory.ReadMany(ranges)
	for _, one := range ranges[:n] {
		r.keep(one.Addr, one.Buf)
	}
	return n, err
}

func (r *Recorder) keep(addr uint64, buf []byte) {
	if r.bytes == nil {
		r.bytes = map[uint64]byte{}
	}
	for i, b := range buf {
		r.bytes[addr+uint64(i)] = b
	}
}

// Recording is what was read so far; of a place that was read twice, the later.
func (r *Recorder) Recording(pid int) *Recording {
	addrs := make([]uint64, 0, len(r.bytes))
	for a := range r.bytes {
		addrs = append(addrs, a)
	}
	sort.Slice(addrs, func(i, j int) bool { return addrs[i] < addrs[j] })
	rec := &Recording{PID: pid}
	for i, a := range addrs {
		if i == 0 || a != addrs[i-1]+1 {
			rec.Blocks = append(rec.Blocks, Block{Addr: a})
		}
		last := &rec.Blocks[len(rec.Blocks)-1]
		last.Data = append(last.Data, r.bytes[a])
	}
	return rec
}
