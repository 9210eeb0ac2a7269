package cpython

import (
	"embed"
	"fmt"
	"strings"
)

// What a C function is called that a frame waits for, CPython does not tell. The code
// does: the instruction that calls, and what was put on the stack before it.

//go:embed opcodes/*.txt
var opcodeTables embed.FS

// Bounds on what is read of one function for its calls.
const (
	maxCallCode  = 1 << 20 // bytes of instructions
	maxCallNames = 1 << 14
)

// opcode is a line of the tables; see opcodes/table.py.
type opcode struct {
	kind       string // "" for what is none
	caches     int
	adds, each int
	python     bool // calls functions written in Python only
	role       role
}

// loadOpcodes reads the table of a minor version.
func loadOpcodes(minor int) (*[256]opcode, error) {
	text, err := opcodeTables.ReadFile(fmt.Sprintf("opcodes/3.%d.txt", minor))
	if err != nil {
		return nil, err
	}
	table := &[256]opcode{}
	for line := range strings.Lines(string(text)) {
		var number, python int
		var named string
		var o opcode
		if _, err := fmt.Sscan(line, &number, &o.kind, &o.caches, &o.adds, &o.each, &python, &named); err != nil || number > 255 {
			return nil, fmt.Errorf("the table of opcodes of 3.%d: %q: %w", minor, line, err)
		}
		o.python, o.role = python == 1, roleOf(named)
		table[number] = o
	}
	return table, nil
}

// Natives says whether stacks are to begin with the C function that the innermost frame
// has called, where the code tells its name: a global or attribute.
func (t *Target) Natives(yes bool) { t.wantNatives = yes }

// called is the name of what c calls at an instruction, "" where it does not tell.
func (t *Target) called(c *code, instr uint64) string {
	if c.calls == nil {
		c.calls = t.readCalls(c)
	}
	return c.calls[int(instr-c.bytes)]
}

// native is the C function that c has called at an instruction, or nil.
func (t *Target) native(c *code, instr uint64) *Func {
	if !t.wantNatives || c.shim {
		return nil
	}
	name := t.called(c, instr)
	if name == "" || t.python[name] {
		return nil // a function in Python of that name is about to run
	}
	f := t.natives[name]
	if f == nil {
		f = &Func{Name: name, Native: true}
		t.natives[name] = f
	}
	return f
}

// readCalls finds the names of the calls of a function. What cannot be read has none.
func (t *Target) readCalls(c *code) map[int]string {
	found := map[int]string{}
	instructions := t.instructions(c)
	names, err := t.names(c.addr)
	if instructions == nil || err != nil {
		return found
	}
	s := callScan{minor: t.layout.minor, opcodes: t.table(), names: names, found: found}
	s.scan(instructions)
	return found
}

// table is what is known of each opcode.
func (t *Target) table() *[256]opcode {
	if t.opcodes == nil {
		var err error
		if t.opcodes, err = loadOpcodes(t.layout.minor); err != nil {
			t.opcodes = &[256]opcode{} // not so: there is a table for every layout
		}
	}
	return t.opcodes
}

// instructions are those of a function, nil where they cannot be read.
func (t *Target) instructions(c *code) []byte {
	at := c.bytes
	if !t.layout.newStyle() {
		object, err := t.pointer(c.addr + uint64(t.layout.codeCode))
		if err != nil {
			return nil
		}
		at = object + bytesData
	}
	if c.length > maxCallCode {
		return nil
	}
	read := make([]byte, c.length)
	if t.mem.Read(at, read) != nil {
		return nil
	}
	return read
}

// names is co_names, which stands before the names of variables, and from 3.11 on
// after the constants.
func (t *Target) names(code uint64) ([]string, error) {
	at := t.layout.codeNames - 8
	if t.layout.newStyle() {
		at = 32
	}
	tuple, err := t.pointer(code + uint64(at))
	if err != nil {
		return nil, err
	}
	n, err := t.pointer(tuple + objectSize)
	if err != nil || n > maxCallNames {
		return nil, fmt.Errorf("the names of the code at %#x: %d (%w)", code, n, err)
	}
	items, names := uint64(objectsOf(t.layout.minor).tupleItems), make([]string, n)
	for i := range names {
		str, err := t.pointer(tuple + items + 8*uint64(i))
		if err != nil {
			return nil, err
		}
		if names[i], err = t.str(str); err != nil {
			return nil, err
		}
	}
	return names, nil
}
