package pstats

import (
	"io"
	"runtime"
	"sync"
)

const (
	// rowsPerBlock is how many rows one worker renders at a time: large enough that
	// handing blocks out costs nothing, small enough that a short table is one block.
	rowsPerBlock = 256
	// spillAt bounds what a worker holds back until it is its turn to write.
	spillAt = 1 << 18
)

// sink collects the text of one block of rows. Renderers append to buf and call
// spill now and then in long rows.
type sink struct {
	buf   []byte
	block int
	out   *blockWriter

	keys   []uint64 // room for sorting callers, kept from row to row
	calls  []call
	prefix []byte // room for what the lines of a row begin with

	touched int64 // only to have it computed
}

// spill writes out what was collected if that has become much.
func (k *sink) spill() error {
	if len(k.buf) < spillAt {
		return nil
	}
	return k.flush()
}

// flush waits for the block's turn and writes what was collected.
func (k *sink) flush() error {
	err := k.out.write(k.block, k.buf)
	k.buf = k.buf[:0]
	return err
}

// blockWriter lets several workers render blocks at once while the text comes out in order.
// Blocks are taken in order, so the worker of the lowest open block never waits.
type blockWriter struct {
	w  io.Writer
	mu sync.Mutex
	// turned tells that turn or err changed.
	turned sync.Cond
	next   int // the block to hand out next
	turn   int // the block whose text may be written
	err    error
}

// emit renders rows 0 to n-1 with render, several at once, and writes them to w in order.
// After an error of render the text up to it is still written.
func emit(w io.Writer, n int, render func(k *sink, row int) error) error {
	out := &blockWriter{w: w}
	out.turned.L = &out.mu
	blocks := (n + rowsPerBlock - 1) / rowsPerBlock
	var workers sync.WaitGroup
	for range min(blocks, runtime.GOMAXPROCS(0)) {
		workers.Go(func() {
			k := &sink{out: out, buf: make([]byte, 0, spillAt+spillAt/8)}
			for out.take(k, blocks) {
				out.done(k.rows(n, render))
			}
		})
	}
	workers.Wait()
	return out.err
}

// rows renders one block and writes it.
func (k *sink) rows(n int, render func(k *sink, row int) error) error {
	var err error
	for row := k.block * rowsPerBlock; row < min(n, (k.block+1)*rowsPerBlock) && err == nil; row++ {
		if err = render(k, row); err == nil {
			err = k.spill()
		}
	}
	if flushed := k.flush(); err == nil {
		err = flushed
	}
	return err
}

func (out *blockWriter) take(k *sink, blocks int) bool {
	out.mu.Lock()
	defer out.mu.Unlock()
	if out.next == blocks || out.err != nil {
		return false
	}
	k.block = out.next
	out.next++
	return true
}

// write waits until it is the block's turn. Once something failed nothing more is written.
func (out *blockWriter) write(block int, text []byte) error {
	out.mu.Lock()
	defer out.mu.Unlock()
	for out.turn != block && out.err == nil {
		out.turned.Wait()
	}
	if out.err != nil {
		return out.err
	}
	_, err := out.w.Write(text)
	return err
}

// done ends the turn of the block that was flushed last.
func (out *blockWriter) done(err error) {
	out.mu.Lock()
	defer out.mu.Unlock()
	out.turn++
	if out.err == nil {
		out.err = err
	}
	out.turned.Broadcast()
}
