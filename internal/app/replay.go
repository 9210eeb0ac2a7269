package app

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"
)

// maxReplay bounds the input that is kept for a second run: it is held in memory.
const maxReplay = 256 << 20

// replay lets several readers, one after the other, read one stream from its start. Each
// takes from the stream only what no one before it has taken, and only when it is asked.
type replay struct {
	from io.Reader

	mu   sync.Mutex
	kept []byte
	err  error // of from, at its end
}

// reader reads all from the start.
func (r *replay) reader() io.Reader { return &replayed{source: r} }

type replayed struct {
	source *replay
	at     int
}

func (p *replayed) Read(buf []byte) (int, error) {
	r := p.source
	r.mu.Lock()
	defer r.mu.Unlock()
	if p.at == len(r.kept) && r.err == nil {
		r.more(len(buf))
	}
	if n := copy(buf, r.kept[p.at:]); n > 0 {
		p.at += n
		return n, nil
	}
	return 0, r.err
}

// more takes something from the stream.
func (r *replay) more(most int) {
	if len(r.kept) >= maxReplay {
		r.err = fmt.Errorf("an input of more than %d MiB is too long to be read twice", maxReplay>>20)
		return
	}
	buf := make([]byte, min(max(most, 1), 64<<10))
	n, err := r.from.Read(buf)
	r.kept, r.err = append(r.kept, buf[:n]...), err
}

// twice are the standard inputs of two runs, the second of which begins where the first
// began. Where it is a terminal, or is nothing, both have it as it is.
func twice(stdin io.Reader) (first io.Reader, second func() (io.Reader, error)) {
	same := func() (io.Reader, error) { return stdin, nil }
	file, ok := stdin.(*os.File)
	if stdin == nil {
		return nil, same
	}
	if ok {
		info, err := file.Stat()
		if err != nil { // closed: there is none
			return stdin, same
		}
		if info.Mode().IsRegular() {
			return stdin, again(file)
		}
		if info.Mode()&(fs.ModeNamedPipe|fs.ModeSocket) == 0 {
			return stdin, same
		}
	}
	r := &replay{from: stdin}
	return r.reader(), func() (io.Reader, error) { return r.reader(), nil }
}

// again goes back to where a file stands now.
func again(file *os.File) func() (io.Reader, error) {
	at, err := file.Seek(0, io.SeekCurrent)
	return func() (io.Reader, error) {
		if err == nil {
			_, err = file.Seek(at, io.SeekStart)
		}
		return file, err
	}
}
