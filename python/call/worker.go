package call

import (
	"context"
	"crypto/rand"
	_ "embed"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"github.com/cantil-py/cantil/value/marshal"
)

// The Python side: start.py is Python's command line, and reads worker.py through the channel.
var (
	//go:embed py/start.py
	startSource string
	//go:embed py/worker.py
	workerSource string
)

const (
	// maxAnswer is the most that Python's marshal can say in one piece.
	maxAnswer = marshal.MaxInput
	// drain is how long an answer is waited for once its process has ended. What was
	// written is in the pipe; only a child that holds the pipe lets us wait in vain.
	drain = time.Second
	// tokenSize makes an answer impossible to mistake: a function that writes to a file
	// descriptor that is not its own does not write this.
	tokenSize = 16
	// firstExtra is the number of the first file that Python gets beside its streams:
	// the requests. The answers, its stdout and its stderr follow.
	firstExtra = 3
)

// worker is one Python that calls functions, one at a time.
type worker struct {
	python   string
	process  *process
	requests *os.File  // we write
	answers  *os.File  // we read
	replies  io.Reader // the answers, those too that came as the process ended
	token    [tokenSize]byte
	calls    int
	broken   bool // it must be stopped, and not be asked again
}

// startWorker starts a Python. It is ready when it is: requests wait in the pipe. Its
// timeout ends it even if nobody is left here to do so.
func startWorker(p Python, timeout time.Duration) (*worker, error) {
	w := &worker{python: p.Path}
	if _, err := rand.Read(w.token[:]); err != nil {
		return nil, fmt.Errorf("starting %s: %w", p.Path, err)
	}
	if err := w.start(p, timeout); err != nil {
		w.closeChannel()
		return nil, fmt.Errorf("starting %s: %w", p.Path, err)
	}
	return w, nil
}

func (w *worker) start(p Python, timeout time.Duration) error {
	theirRequests, requests, err := os.Pipe()
	if err != nil {
		return err
	}
	w.requests = requests
	defer theirRequests.Close()
	answers, theirAnswers, err := os.Pipe()
	if err != nil {
		return err
	}
	w.answers, w.replies = answers, &pipeReader{file: answers}
	defer theirAnswers.Close()
	argv := []string{p.Path, "-c", startSource}
	for i := range 4 {
		argv = append(argv, strconv.Itoa(firstExtra+i))
	}
	argv = append(argv, hex.EncodeToString(w.token[:]), strconv.Itoa(len(workerSource)))
	if w.process, err = startProcess(p, argv, timeout, theirRequests, theirAnswers); err != nil {
		return err
	}
	// It fits into the pipe. Where Python is gone already, its end is what is told.
	_, _ = io.WriteString(requests, workerSource)
	return nil
}

func (w *worker) closeChannel() {
	for _, f := range []*os.File{w.requests, w.answers} {
		if f != nil {
			_ = f.Close() // the other end may be gone
		}
	}
}

// reply is what came through the pipe.
type reply struct {
	data []byte
	err  error
}

// call has one function called. When the context ends first the error is its cause.
func (w *worker) call(ctx context.Context, t target, r Request) (Result, error) {
	request, err := encode(t, r)
	if err != nil {
		return Result{}, err
	}
	w.calls++
	replies := make(chan reply, 1)
	go func() { replies <- w.exchange(request) }()
	var got reply
	select {
	case got = <-replies:
	case <-w.process.done:
		got = w.last(replies)
	case <-ctx.Done():
		w.broken = true
		return Result{}, context.Cause(ctx)
	}
	if got.err != nil {
		return Result{}, w.noAnswer(ctx, got.err)
	}
	return readAnswer(got.data, w.python, r.Target)
}

// last is the answer that a process left as it ended, or the lack of one.
func (w *worker) last(replies <-chan reply) reply {
	w.broken = true
	// An error means that the pipe is closed, which ends the waiting too.
	_ = w.answers.SetReadDeadline(time.Now().Add(drain))
	_ = w.requests.SetWriteDeadline(time.Now())
	return <-replies
}

// noAnswer tells why there was none. A pipe that is closed is no reason yet: the
// function may have closed it, and goes on until its time is up.
func (w *worker) noAnswer(ctx context.Context, err error) error {
	w.broken = true
	if err == errDamaged {
		return err
	}
	select {
	case <-w.process.done:
		return w.process.died()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// exchange sends a request and reads the answer.
func (w *worker) exchange(request []byte) reply {
	frame := binary.BigEndian.AppendUint64(make([]byte, 0, 8+len(request)), uint64(len(request)))
	// An error means that nobody reads, and so that there will be no answer.
	_, _ = w.requests.Write(append(frame, request...))
	var head [tokenSize + 8]byte
	if _, err := io.ReadFull(w.replies, head[:]); err != nil {
		return reply{err: err}
	}
	size := binary.BigEndian.Uint64(head[tokenSize:])
	if [tokenSize]byte(head[:tokenSize]) != w.token || size > maxAnswer {
		return reply{err: errDamaged}
	}
	data, err := readGrowing(w.replies, int(size))
	return reply{data, err}
}

// readGrowing reads size bytes, and takes memory as they come rather than as announced.
func readGrowing(r io.Reader, size int) ([]byte, error) {
	const step = 1 << 20
	data := make([]byte, 0, min(size, step))
	for len(data) < size {
		if len(data) == cap(data) {
			data = append(make([]byte, 0, min(size, 2*cap(data))), data...)
		}
		n, err := io.ReadFull(r, data[len(data):cap(data)])
		data = data[:len(data)+n]
		if err != nil {
			return nil, err
		}
	}
	return data, nil
}

// stop ends the Python and all that it started. It may be called twice.
func (w *worker) stop() {
	w.process.stop()
	w.closeChannel()
}

// retire has the Python end by itself, as any does at the end of its input, and ends what
// is left. One that is broken is not waited for.
func (w *worker) retire() {
	_ = w.requests.Close()
	if !w.broken {
		select {
		case <-w.process.done:
		case <-time.After(grace):
		}
	}
	w.stop()
	w.process.endLeft()
}
