package cpython

import (
	"encoding/binary"
	"fmt"
)

// From 3.13 on a runtime begins with a table of its own offsets, _Py_DebugOffsets:
// the cookie "xdebugpy", PY_VERSION_HEX, whether it is free-threaded, then groups of
// 64-bit offsets, each group beginning with the size of its struct. Source:
// Include/internal/pycore_runtime.h at v3.13.0, pycore_debug_offsets.h at v3.14.0.
const (
	cookie        = "xdebugpy"
	publishedSize = 576 // of the longest table that is known, up to the strings' group
)

// maxOffset bounds what a target says of itself: PyInterpreterState is the largest
// struct, 200 to 400 KiB.
const maxOffset = 4 << 20

// publishedField says at which word of the table an offset stands, by minor version.
type publishedField struct {
	to         func(*layout) *int64
	in13, in14 int
}

// publishedFields: 3.14 put threads_main, code_object_generation and
// tlbc_generation among the interpreter's, stackpointer and tlbc_index among the
// frame's.
var publishedFields = []publishedField{
	{func(l *layout) *int64 { return &l.interpretersHead }, 5, 5},
	{func(l *layout) *int64 { return &l.interpID }, 7, 7},
	{func(l *layout) *int64 { return &l.interpNext }, 8, 8},
	{func(l *layout) *int64 { return &l.interpThreads }, 9, 9},
	{func(l *layout) *int64 { return &l.interpGIL }, 14, 15},
	{func(l *layout) *int64 { return &l.threadNext }, 21, 24},
	{func(l *layout) *int64 { return &l.threadInterp }, 22, 25},
	{func(l *layout) *int64 { return &l.threadFrame }, 23, 26},
	{func(l *layout) *int64 { return &l.threadID }, 24, 27},
	{func(l *layout) *int64 { return &l.nativeID }, 25, 28},
	{func(l *layout) *int64 { return &l.dataChunk }, 26, 29},
	{func(l *layout) *int64 { return &l.framePrevious }, 29, 32},
	{func(l *layout) *int64 { return &l.frameCode }, 30, 33},
	{func(l *layout) *int64 { return &l.frameInstr }, 31, 34},
	{func(l *layout) *int64 { return &l.frameLocals }, 32, 35},
	{func(l *layout) *int64 { return &l.frameOwner }, 33, 36},
	{func(l *layout) *int64 { return &l.codeFile }, 35, 40},
	{func(l *layout) *int64 { return &l.codeName }, 36, 41},
	{func(l *layout) *int64 { return &l.codeQualname }, 37, 42},
	{func(l *layout) *int64 { return &l.codeLines }, 38, 43},
	{func(l *layout) *int64 { return &l.codeFirstLine }, 39, 44},
	{func(l *layout) *int64 { return &l.codeArgCount }, 40, 45},
	{func(l *layout) *int64 { return &l.codeNames }, 41, 46},
	{func(l *layout) *int64 { return &l.codeBytes }, 43, 48},
}

// publishedLayout decodes a table, of which at least publishedSize bytes are given.
func publishedLayout(table []byte) (*layout, error) {
	word := func(i int) uint64 { return binary.LittleEndian.Uint64(table[i*8:]) }
	if len(table) < publishedSize || string(table[:8]) != cookie {
		return nil, fmt.Errorf("no table of offsets where the runtime of CPython 3.13 and later has one")
	}
	version := word(1)
	minor := int(version >> 16 & 0xff)
	if version>>24 != 3 || minor != 13 && minor != 14 {
		return nil, fmt.Errorf("CPython %d.%d is not known here; 3.%d to 3.%d are", version>>24, minor, OldestMinor, NewestMinor)
	}
	if word(2) != 0 {
		return nil, fmt.Errorf("CPython 3.%d without a GIL (free-threaded) is not known here", minor)
	}
	l := newLayout(minor)
	l.cframeFrame = -1
	for _, f := range publishedFields {
		at := f.in13
		if minor == 14 {
			at = f.in14
		}
		if word(at) > maxOffset {
			return nil, fmt.Errorf("the runtime of CPython 3.%d publishes an offset of %d (word %d)", minor, word(at), at)
		}
		*f.to(l) = int64(word(at))
	}
	return l, l.complete()
}

// complete fills in what the table leaves out.
func (l *layout) complete() error {
	if l.minor >= 14 {
		l.frameStackTop = -1 // a pointer, and no sign of life
	}
	// _co_firsttraceable stands right before co_extra and the instructions
	// (3.13, 3.14: an int at 16 before co_code_adaptive).
	l.codeTraceable = l.codeBytes - 16
	l.threadSize, l.codeSize, l.frameSize = int(l.dataChunk)+16, int(l.codeBytes), int(l.frameLocals)
	for _, part := range []struct {
		size   int
		fields []int64
	}{
		{l.threadSize, []int64{l.threadNext, l.threadInterp, l.threadFrame, l.threadID, l.nativeID, l.dataChunk + 8}},
		{l.frameSize, []int64{l.framePrevious, l.frameCode, l.frameInstr, l.frameOwner - 7}},
		{l.codeSize, []int64{l.codeFile, l.codeName, l.codeQualname, l.codeLines, l.codeFirstLine, l.codeArgCount,
			l.codeNames, l.codeTraceable, l.codeFrameSize, l.codeFlags}},
	} {
		if part.size < 72 || part.size > maxStruct {
			return fmt.Errorf("the runtime of CPython 3.%d publishes offsets that make no sense: a struct of %d bytes", l.minor, part.size)
		}
		for _, at := range part.fields {
			if at < 0 || at+8 > int64(part.size) {
				return fmt.Errorf("the runtime of CPython 3.%d publishes offsets that make no sense: %d in a struct of %d bytes", l.minor, at, part.size)
			}
		}
	}
	return nil
}

// maxStruct bounds what is read at once of a thread, a frame or a code object; they
// have 300 bytes at most.
const maxStruct = 4096
