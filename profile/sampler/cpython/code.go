package cpython

import (
	"encoding/binary"
	"fmt"
	"strings"
)

// Bounds on what a target says of its code. A table of lines of 4 MiB is that of a
// function of a million lines; names and files are cut by nobody, so long ones are
// damage.
const (
	maxName      = 16 << 10
	maxLineTable = 4 << 20
	maxCode      = 64 << 20 // bytes of instructions of one function
	maxFrame     = 1 << 20  // bytes of a frame: locals and stack
	maxCodes     = 200_000  // functions remembered at once; a large program has 50,000
)

// Func is a Python function (or module, or class body), as its code object tells.
// A Target hands out one *Func for each code object, so pointers may be compared.
type Func struct {
	Name      string // qualified where Python knows it: "Tree.insert", "<module>"
	File      string // as the code object has it; not made absolute
	FirstLine int    // of its def or decorator; 1 for a module
	Native    bool   // code that is not Python's: only Name is known
}

// Frame is a function and where in it a thread stands.
type Frame struct {
	Func *Func
	Line int // 0 where the instruction belongs to no line, or which it was of a caller cannot be told (before 3.11)
}

// generatorFlags: CO_GENERATOR, CO_COROUTINE, CO_ASYNC_GENERATOR.
const generatorFlags = 0x20 | 0x80 | 0x200

// code is what is kept of a code object.
type code struct {
	fn        *Func
	addr      uint64
	bytes     uint64 // where its instructions are; 0 before 3.11
	length    int    // of its instructions, in bytes
	frameSize int    // from 3.11: of its frames on the data stack, in bytes
	shim      bool   // the interpreter's own, no function: such frames are not shown
	generator bool   // or coroutine: its frames live outside of the stack, but for a moment
	traceable int    // bytes of instructions before the function's own begin
	lines     lineTable
	print     fingerprint
	calls     map[int]string // names of what is called, by offset of the instruction; nil: not read yet
	roles     []role         // of each unit of the instructions; nil: not read yet
	passing   bool           // it may be freed at any time: passing.go
}

// fingerprint is what tells one code object from another that came to lie at its place.
type fingerprint struct{ file, name, lines, size, first uint64 }

// codeAt is the code object at addr; nil, without an error, where there is none.
// frame is a frame that runs it, for its class (before 3.11), or 0.
func (t *Target) codeAt(addr, frame uint64) *code {
	if c, known := t.codes[addr]; known {
		return c
	}
	if len(t.codes) >= maxCodes {
		t.forget()
	}
	c, err := t.readCode(addr, frame)
	if err != nil {
		c = nil // remembered as well: stale memory names it at every sample
		t.none = append(t.none, addr)
	}
	t.codes[addr] = c
	return c
}

// forgetNone forgets where there was no code object: there may be one by now. Call it
// where a stack does not hold together.
func (t *Target) forgetNone() {
	for _, addr := range t.none {
		if t.codes[addr] == nil {
			delete(t.codes, addr)
		}
	}
	t.none = t.none[:0]
}

// readCode reads the code object at addr.
func (t *Target) readCode(addr, frame uint64) (*code, error) {
	l := t.layout
	raw := make([]byte, l.codeSize)
	if addr%8 != 0 || addr == 0 {
		return nil, fmt.Errorf("%#x is no address of an object", addr)
	}
	if err := t.mem.Read(addr, raw); err != nil {
		return nil, err
	}
	if err := t.isA(word(raw, objectType), "code", &t.codeType); err != nil {
		return nil, err
	}
	c := &code{addr: addr, print: l.fingerprint(raw), generator: half(raw, l.codeFlags)&generatorFlags != 0}
	if err := t.sizes(c, addr, raw); err != nil {
		return nil, err
	}
	first := int(int32(half(raw, l.codeFirstLine)))
	table, err := t.bytes(word(raw, l.codeLines), maxLineTable)
	if err != nil {
		return nil, err
	}
	c.lines = parseLines(l.minor, table, first)
	c.fn = &Func{FirstLine: first}
	// The interpreter's own, such as what stands between a class and its __init__,
	// has no instruction that could be traced.
	if c.shim = l.newStyle() && c.traceable >= c.length; c.shim {
		return c, nil
	}
	if c.fn.File, err = t.str(word(raw, l.codeFile)); err != nil {
		return nil, err
	}
	nameAt := l.codeName
	if l.codeQualname >= 0 {
		nameAt = l.codeQualname
	}
	if c.fn.Name, err = t.str(word(raw, nameAt)); err != nil {
		return nil, err
	}
	c.passing = isPassing(half(raw, l.codeFlags), c.fn.Name)
	t.python[c.fn.Name[strings.LastIndexByte(c.fn.Name, '.')+1:]] = true
	if l.codeQualname < 0 && frame != 0 {
		c.fn.Name = t.qualify(c.fn.Name, addr, raw, frame)
	}
	return c, nil
}

// sizes reads how long the instructions and the frames are.
func (t *Target) sizes(c *code, addr uint64, raw []byte) error {
	l := t.layout
	if !l.newStyle() {
		var head [24]byte
		at := word(raw, l.codeCode)
		if err := t.mem.Read(at, head[:]); err != nil {
			return err
		}
		c.length = int(word(head[:], objectSize))
	} else {
		c.bytes = addr + uint64(l.codeBytes)
		c.length = 2 * int(word(raw, objectSize))
		c.traceable = 2 * int(int32(half(raw, l.codeTraceable)))
		if l.codeFrameSize >= 0 {
			c.frameSize = 8 * int(int32(half(raw, l.codeFrameSize)))
		} else {
			c.frameSize = l.frameSize + 8*int(int32(half(raw, l.codeCount))+int32(half(raw, l.codeStackSize)))
		}
		if c.frameSize < l.frameSize || c.frameSize > maxFrame {
			return fmt.Errorf("the code object at %#x has frames of %d bytes", addr, c.frameSize)
		}
	}
	if c.length <= 0 || c.length > maxCode {
		return fmt.Errorf("the code object at %#x has %d bytes of instructions", addr, c.length)
	}
	return nil
}

func (l *layout) fingerprint(raw []byte) fingerprint {
	return fingerprint{word(raw, l.codeFile), word(raw, l.codeName), word(raw, l.codeLines), word(raw, objectSize), uint64(half(raw, l.codeFirstLine))}
}

// holds says whether an instruction can be one of c's; from 3.11 on instr is its
// address, before that its offset. A frame that has not begun stands one unit before.
func (c *code) holds(instr uint64) bool {
	return int64(instr-c.bytes) >= -2 && int64(instr-c.bytes) < int64(c.length)
}

// line is the line of such an instruction.
func (c *code) line(instr uint64) int {
	offset := int64(instr - c.bytes)
	if offset < 0 {
		return c.fn.FirstLine
	}
	return c.lines.at(int(offset))
}

// isA checks that typ is the type called name. The first that is found is remembered in known.
func (t *Target) isA(typ uint64, name string, known *uint64) error {
	if typ == *known && typ != 0 {
		return nil
	}
	if *known != 0 {
		return fmt.Errorf("an object of the type at %#x is no %s", typ, name)
	}
	if got, err := t.typeName(typ); err != nil || got != name {
		return fmt.Errorf("an object of type %q is no %s", got, name)
	}
	*known = typ
	return nil
}

// typeName is tp_name of the type at typ.
func (t *Target) typeName(typ uint64) (string, error) {
	var at [8]byte
	if err := t.mem.Read(typ+typeName, at[:]); err != nil {
		return "", err
	}
	return t.cString(word(at[:], 0))
}

// maxTypeName bounds names of types, which are C strings: 256 bytes.
const maxTypeName = 256

// cString reads in pieces, since what follows the string may not be mapped.
func (t *Target) cString(addr uint64) (string, error) {
	var text []byte
	for len(text) < maxTypeName {
		piece := make([]byte, 16-addr%16)
		if err := t.mem.Read(addr, piece); err != nil {
			return "", err
		}
		for i, b := range piece {
			if b == 0 {
				return string(append(text, piece[:i]...)), nil
			}
		}
		text, addr = append(text, piece...), addr+uint64(len(piece))
	}
	return "", fmt.Errorf("the string at %#x does not end", addr)
}

// bytes reads a bytes object of at most limit bytes.
func (t *Target) bytes(addr uint64, limit int) ([]byte, error) {
	var head [bytesData]byte
	if err := t.mem.Read(addr, head[:]); err != nil {
		return nil, err
	}
	if err := t.isA(word(head[:], objectType), "bytes", &t.bytesType); err != nil {
		return nil, err
	}
	n := word(head[:], objectSize)
	if n > uint64(limit) {
		return nil, fmt.Errorf("the bytes object at %#x has %d bytes, at most %d are read", addr, n, limit)
	}
	data := make([]byte, n)
	if n == 0 {
		return data, nil
	}
	return data, t.mem.Read(addr+bytesData, data)
}

// str reads a str object of at most maxName characters.
func (t *Target) str(addr uint64) (string, error) {
	var head [40]byte
	if addr == 0 {
		return "", fmt.Errorf("no str at 0")
	}
	if err := t.mem.Read(addr, head[:]); err != nil {
		return "", err
	}
	if err := t.isA(word(head[:], objectType), "str", &t.strType); err != nil {
		return "", err
	}
	n, state := word(head[:], strLength), binary.LittleEndian.Uint32(head[strState:])
	kind, compact, ascii := int(state>>2&7), state>>5&1 == 1, state>>6&1 == 1
	if n > maxName || !compact || kind != 1 && kind != 2 && kind != 4 {
		return "", fmt.Errorf("the str at %#x has %d characters of %d bytes (state %#x)", addr, n, kind, state)
	}
	at := addr + uint64(t.layout.compactData)
	if ascii {
		at = addr + uint64(t.layout.asciiData)
	}
	if n == 0 {
		return "", nil
	}
	data := make([]byte, int(n)*kind)
	if err := t.mem.Read(at, data); err != nil {
		return "", err
	}
	return decodeStr(data, kind), nil
}

// decodeStr turns characters of kind bytes each into UTF-8; a lone surrogate becomes U+FFFD.
func decodeStr(data []byte, kind int) string {
	runes := make([]rune, 0, len(data)/kind)
	for i := 0; i < len(data); i += kind {
		switch kind {
		case 1:
			runes = append(runes, rune(data[i]))
		case 2:
			runes = append(runes, rune(binary.LittleEndian.Uint16(data[i:])))
		default:
			runes = append(runes, rune(binary.LittleEndian.Uint32(data[i:])))
		}
	}
	return string(runes)
}

func word(b []byte, at int64) uint64 { return binary.LittleEndian.Uint64(b[at:]) }
func half(b []byte, at int64) uint32 { return binary.LittleEndian.Uint32(b[at:]) }
