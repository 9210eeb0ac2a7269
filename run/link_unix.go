//go:build unix

package run

import (
	"encoding/binary"
	"encoding/json"
	"os"
	"sync"
)

// mostQueued bounds what waits for a front that does not read: it may be stopped for days.
const mostQueued = 1 << 20

// link is the shim's end of the socket. Nobody who writes to it waits for the front, except with
// output that is kept nowhere else.
type link struct {
	socket *os.File
	mu     sync.Mutex
	more   *sync.Cond // the queue has grown or shrunk, or the front is gone
	queue  []queued
	size   int  // of the bodies queued
	busy   bool // a message is being written
	gone   bool
}

type queued struct {
	kind kind
	body []byte
}

func newLink(socket *os.File) *link {
	l := &link{socket: socket}
	l.more = sync.NewCond(&l.mu)
	go l.write()
	return l
}

func (l *link) write() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for !l.gone {
		if len(l.queue) == 0 {
			l.more.Wait()
			continue
		}
		next := l.queue[0]
		l.queue = l.queue[1:]
		l.size -= len(next.body)
		l.busy = true
		l.mu.Unlock()
		err := writeMessage(l.socket, next.kind, next.body)
		l.mu.Lock()
		l.busy = false
		if err != nil {
			l.gone = true
		}
		l.more.Broadcast()
	}
}

// ring tells the front that there is new output, and how long the index is by now: what is sent after the bell belongs
// after that output. A bell that is the last in the queue rings for this as well.
func (l *link) ring(end int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	body := binary.LittleEndian.AppendUint64(nil, uint64(end))
	if n := len(l.queue); n > 0 && l.queue[n-1].kind == kindBell {
		l.queue[n-1].body = body
	} else {
		l.add(kindBell, body)
	}
}

func (l *link) add(k kind, body []byte) {
	if !l.gone {
		l.queue = append(l.queue, queued{k, body})
		l.size += len(body)
		l.more.Broadcast()
	}
}

// send queues a message.
func (l *link) send(k kind, body []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.add(k, body)
}

// offer drops the message where too much waits already: for what a front that comes back after days can do without.
func (l *link) offer(k kind, body []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.size < mostQueued {
		l.add(k, body)
	}
}

func (l *link) sendJSON(k kind, body any) {
	if encoded, err := json.Marshal(body); err == nil { // all bodies can be encoded
		l.send(k, encoded)
	}
}

// pass waits for room, unless the front is gone: for output that is kept nowhere else.
func (l *link) pass(k kind, body []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.size >= mostQueued && !l.gone {
		l.more.Wait()
	}
	l.add(k, body)
}

// close waits until the front has been sent everything, and hangs up.
func (l *link) close() {
	l.mu.Lock()
	for (len(l.queue) > 0 || l.busy) && !l.gone {
		l.more.Wait()
	}
	l.gone = true
	l.more.Broadcast()
	l.mu.Unlock()
	l.socket.Close()
}

// read calls handle with each message of the front until it is gone.
func (l *link) read(handle func(kind, []byte)) {
	for {
		k, body, err := readMessage(l.socket)
		if err != nil {
			break
		}
		handle(k, body)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.gone = true
	l.more.Broadcast()
}
