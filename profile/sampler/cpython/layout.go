package cpython

import "fmt"

// OldestMinor and NewestMinor are the CPython 3 versions whose layouts are known.
const (
	OldestMinor = 6
	NewestMinor = 14
)

// layout is where the fields are that a stack is read from: offsets in bytes, for
// builds for release on 64-bit processors. Sources: CPython's own headers at the tags
// v3.6.15, v3.7.16, v3.8.18, v3.9.18, v3.10.13, v3.11.7, v3.12.1 (Include/,
// Include/internal/), compiled with offsetof; from 3.13 on the target's own
// _Py_DebugOffsets, and here only what that leaves out.
type layout struct {
	minor int

	// _PyRuntimeState, PyInterpreterState
	interpretersHead int64
	interpNext       int64
	interpID         int64 // -1: 3.6 has no numbers
	interpThreads    int64
	interpGIL        int64 // -1: the GIL belongs to the runtime (before 3.12)
	gilHolder        int64 // in the GIL's own struct, or in the runtime before 3.12
	gilLocked        int64 // -1: to be told from the holder alone
	gilSwitches      int64 // count of its changes of hands; from 3.12

	// PyThreadState
	threadNext    int64
	threadInterp  int64
	threadFrame   int64 // PyFrameObject*, _PyCFrame* (3.11, 3.12) or _PyInterpreterFrame*
	cframeFrame   int64 // in _PyCFrame; -1 where there is none
	threadID      int64
	nativeID      int64 // -1: before 3.11
	dataChunk     int64 // -1: before 3.11; datastack_top is the next word
	threadSize    int   // how much of it is read at once
	framePrevious int64
	frameCode     int64
	frameInstr    int64 // f_lasti, an int, before 3.11; else a pointer
	frameOwner    int64 // -1: before 3.11
	frameStackTop int64 // 3.11 to 3.13: -1 in a frame that executes; else no offset: -1
	frameLive     int64 // before 3.11: a byte that is frameExecuting in a frame that executes
	frameEntry    int64 // 3.11: a byte that is set in a frame that was entered from C; else -1
	frameLocals   int64
	frameSize     int // up to the locals

	// PyCodeObject
	codeFile, codeName, codeQualname int64
	codeFirstLine, codeLines         int64
	codeFlags, codeArgCount          int64
	codeNames                        int64 // co_localsplusnames, or co_varnames before 3.11
	codeCount                        int64 // co_nlocalsplus, or co_nlocals
	codeCells, codeCode              int64 // before 3.11
	codeStackSize, codeFrameSize     int64 // 3.11; from 3.12
	codeBytes                        int64 // co_code_adaptive; -1 before 3.11
	codeTraceable                    int64 // _co_firsttraceable; -1 before 3.11
	codeSize                         int

	// str: where the characters of compact ASCII and of other compact strings begin
	asciiData, compactData int64
}

// Fields of objects that have been the same in every version.
const (
	objectType  = 8
	objectSize  = 16 // ob_size of objects of variable size
	tupleItems  = 24
	bytesData   = 32
	strLength   = 16
	strState    = 32
	typeName    = 24
	typeMRO     = 344
	typeDict    = 264
	chunkHeader = 24 // _PyStackChunk: previous, size, top
)

// frameExecuting is what frameLive holds in a frame that executes: f_executing, and
// FRAME_EXECUTING in f_state of 3.10.
func (l *layout) frameExecuting() byte {
	if l.minor == 10 {
		return 0
	}
	return 1
}

// newStyle says whether frames lie in chunks of the thread's data stack (3.11).
func (l *layout) newStyle() bool { return l.minor >= 11 }

// taggedCode says whether a frame's code is a tagged reference (3.14).
func (l *layout) taggedCode() bool { return l.minor >= 14 }

// cStackOwner is the first value of owner that marks an entry frame on the C stack,
// which is no function.
const cStackOwner = 3

// generatorOwner marks a frame inside a generator or coroutine.
const generatorOwner = 1

// layoutOf is the layout of a minor version that does not tell its own.
func layoutOf(minor int) (*layout, error) {
	old := layout{
		minor: minor, interpGIL: -1, gilLocked: -1, gilSwitches: -1, interpThreads: 8, threadNext: 8, threadInterp: 16,
		threadFrame: 24, cframeFrame: -1, threadID: 176, nativeID: -1, dataChunk: -1, threadSize: 184,
		framePrevious: 24, frameCode: 32, frameInstr: 104, frameOwner: -1, frameStackTop: -1,
		frameLive: 116, frameEntry: -1, frameLocals: 360, frameSize: 120,
		codeFile: 104, codeName: 112, codeQualname: -1, codeFirstLine: 40, codeLines: 120, codeFlags: 36, codeArgCount: 16,
		codeNames: 72, codeCount: 28, codeCells: 88, codeCode: 48, codeStackSize: -1, codeFrameSize: -1, codeBytes: -1,
		codeTraceable: -1, codeSize: 128, asciiData: 48, compactData: 72,
	}
	switch minor {
	case 6, 7:
		old.codeFile, old.codeName, old.codeFirstLine, old.codeLines, old.codeFlags = 96, 104, 36, 112, 32
		old.codeNames, old.codeCount, old.codeCells, old.codeCode, old.codeSize = 64, 24, 80, 40, 120
		old.interpretersHead, old.interpID, old.gilHolder = 24, 16, 1480
		if minor == 6 { // the heads are variables of their own, without a runtime
			old.interpretersHead, old.interpID, old.gilHolder = 0, -1, 0
			old.threadID, old.threadSize = 152, 160
			old.frameInstr, old.frameLive, old.frameLocals, old.frameSize = 120, 132, 376, 136
		}
	case 8:
		old.interpretersHead, old.interpID, old.gilHolder = 32, 16, 1368
	case 9:
		old.interpretersHead, old.interpID, old.gilHolder = 32, 24, 568
	case 10:
		old.interpretersHead, old.interpID, old.gilHolder = 32, 24, 568
		old.frameInstr, old.frameLive, old.frameLocals, old.frameSize = 96, 108, 352, 112
	case 11, 12, 13, 14:
		return newLayout(minor), nil
	default:
		return nil, fmt.Errorf("CPython 3.%d is not known here; 3.%d to 3.%d are", minor, OldestMinor, NewestMinor)
	}
	return &old, nil
}

// newLayout is the layout from 3.11 on. What [layout.publish] replaces for 3.13 and
// 3.14 is given here for 3.11 and 3.12.
func newLayout(minor int) *layout {
	l := &layout{
		minor: minor, interpretersHead: 40, interpNext: 0, threadNext: 8, threadInterp: 16,
		threadFrame: 56, frameInstr: 56, frameStackTop: 64, frameLive: -1, frameEntry: -1, frameLocals: 72, frameSize: 72,
		codeFile: 112, codeName: 120, codeQualname: 128, codeLines: 136, codeFlags: 48, codeNames: 96,
		codeCells: -1, codeCode: -1, asciiData: 40, compactData: 56,
	}
	if minor == 11 {
		l.interpID, l.interpThreads, l.interpGIL, l.gilHolder, l.gilLocked, l.gilSwitches = 48, 16, -1, 576, -1, -1
		l.cframeFrame, l.threadID, l.nativeID, l.dataChunk = 8, 152, 160, 296
		l.framePrevious, l.frameCode, l.frameOwner = 48, 32, 69
		l.frameEntry = 68
		l.codeFirstLine, l.codeArgCount, l.codeCount, l.codeStackSize, l.codeFrameSize = 72, 56, 76, 68, -1
		l.codeTraceable, l.codeBytes = 168, 184
		l.asciiData, l.compactData = 48, 72
	} else {
		l.interpID, l.interpThreads, l.interpGIL, l.gilHolder, l.gilLocked, l.gilSwitches = 8, 72, 384, 8, 16, 24
		l.cframeFrame, l.threadID, l.nativeID, l.dataChunk = 0, 136, 144, 232
		l.framePrevious, l.frameCode, l.frameOwner = 8, 0, 70
		l.codeFirstLine, l.codeArgCount, l.codeCount, l.codeStackSize, l.codeFrameSize = 68, 52, 72, -1, 76
		l.codeTraceable, l.codeBytes = 176, 192
	}
	l.threadSize, l.codeSize = int(l.dataChunk)+16, int(l.codeBytes)
	return l
}
