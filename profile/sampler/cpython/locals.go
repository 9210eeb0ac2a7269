package cpython

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Scope is the variables of one frame.
type Scope struct {
	Vars   []Variable
	Left   int  // variables that were not read: beyond the first maxVars
	Moving bool // they changed while they were read: they may be those of different moments
	Unread bool // in the middle of a deep stack: none were read
}

// Variable is a name and its value.
type Variable struct {
	Name  string
	Value Value
}

// Bounds of the variables of one stack.
const (
	maxVars     = 100  // of one frame that are shown; a module has hundreds
	maxLocals   = 2000 // of one frame that are looked at
	scopesEnd   = 50   // frames at each end of a deep stack that are read
	scopesTries = 5    // readings of a stack that moves
	scopeTries  = 3    // readings of one frame whose variables change
)

// Inspection is the stack of a thread with what is in it.
type Inspection struct {
	Frames []Frame // innermost first, as of [Reader.Sample]
	Scopes []Scope // for each frame; nil where variables were not asked for
	Name   string  // that Python's module threading has for the thread; "" where it has none
}

// Inspect reads the stack of a thread, its name and, if scopes is set, the variables of
// its frames. What a frame holds is read twice; where it was not the same both times, not
// even after some more readings, its Scope is Moving. An object that was freed while
// another came to lie at its place is not noticed: only a process that stands still tells
// nothing but the truth. The errors are those of [Reader.Sample].
//
// Of a module's variables those are left out that hold modules, functions and classes,
// and names with two underscores at each end.
func (t *Target) Inspect(th Thread, scopes bool) (*Inspection, error) {
	r, v := NewReader(t, th), newInspector(t)
	var in Inspection
	for range scopesTries {
		frames, err := r.Sample()
		if err != nil {
			return nil, err
		}
		in.Frames = slices.Clone(frames)
		at, err := t.walk(th, in.Frames)
		if gone(err) != nil || errors.Is(err, ErrThreadGone) {
			return nil, err
		}
		if err != nil {
			continue // it has moved on
		}
		in.Name = v.threadName(in.Frames, at)
		if !scopes {
			return &in, nil
		}
		in.Scopes, err = v.scopesOf(at)
		return &in, err
	}
	if scopes { // it never stood still for as long as it takes to follow it twice
		in.Scopes = make([]Scope, len(in.Frames))
		for i := range in.Scopes {
			in.Scopes[i] = Scope{Moving: true, Unread: true}
		}
	}
	return &in, nil
}

// frameRef is where a frame lies; the zero value stands for a native function, which has none.
type frameRef struct {
	addr, code uint64
	raw        []byte // up to the variables
}

// walk finds the places of the frames of a stack, by following the chain again.
func (t *Target) walk(th Thread, frames []Frame) ([]frameRef, error) {
	l := t.layout
	addr, err := t.topFrame(th)
	if err != nil {
		return nil, err
	}
	var found []frameRef
	for addr != 0 && len(found) < len(frames) && frames[len(found)].Func.Native {
		found = append(found, frameRef{})
	}
	for n := 0; addr != 0; n++ {
		if n > 2*len(frames)+maxExtras { // entry frames are no functions
			return nil, errTorn
		}
		f := frameRef{addr: addr, raw: make([]byte, l.frameSize)}
		if err := t.mem.Read(addr, f.raw); err != nil {
			return nil, err
		}
		if addr = word(f.raw, l.framePrevious); l.newStyle() && f.raw[l.frameOwner] >= cStackOwner {
			continue
		}
		if f.code = word(f.raw, l.frameCode); l.taggedCode() {
			f.code &^= 3
		}
		c := t.codeAt(f.code, f.addr)
		switch {
		case c != nil && c.shim:
			continue
		case n == 0 && !l.newStyle() && f.raw[l.frameLive] != l.frameExecuting():
			continue
		case c == nil || len(found) >= len(frames) || c.fn != frames[len(found)].Func:
			return nil, errTorn
		}
		found = append(found, f)
	}
	if len(found) != len(frames) {
		return nil, errTorn
	}
	return found, nil
}

// topFrame is the frame that the thread state names.
func (t *Target) topFrame(th Thread) (uint64, error) {
	l := t.layout
	raw := make([]byte, l.threadSize)
	if err := t.mem.Read(th.Addr, raw); err != nil {
		return 0, err
	}
	if word(raw, l.threadInterp) != th.Interp || word(raw, l.threadID) != th.Ident {
		return 0, ErrThreadGone
	}
	top := word(raw, l.threadFrame)
	if l.cframeFrame >= 0 && top != 0 {
		return t.pointer(top + uint64(l.cframeFrame))
	}
	return top, nil
}

// scopesOf reads the variables of all frames, or of both ends of a deep stack.
func (v *inspector) scopesOf(at []frameRef) ([]Scope, error) {
	scopes := make([]Scope, len(at))
	for i, f := range at {
		if i >= scopesEnd && i < len(at)-scopesEnd {
			scopes[i].Unread = true
			continue
		}
		if f.addr == 0 {
			continue
		}
		for range scopeTries {
			scope, err := v.scope(f)
			if err != nil {
				return nil, err
			}
			if scopes[i] = scope; !scope.Moving {
				break
			}
		}
	}
	return scopes, nil
}

// scope reads the variables of one frame; only the end of the process is an error.
func (v *inspector) scope(f frameRef) (Scope, error) {
	names, err := v.namesOf(f.code)
	if err != nil {
		return Scope{Moving: true, Unread: true}, gone(err)
	}
	slots, err := v.slots(f, names)
	if err != nil {
		return Scope{Moving: true, Unread: true}, gone(err)
	}
	var scope Scope
	if names.dict {
		err = v.dictScope(&scope, f)
	} else {
		err = v.slotScope(&scope, names, slots)
	}
	if gone(err) != nil {
		return Scope{}, err
	}
	again, againErr := v.slots(f, names)
	scope.Moving = err != nil || againErr != nil || !bytes.Equal(slots, again)
	return scope, gone(againErr)
}

// scopeNames is what a code object tells of its variables.
type scopeNames struct {
	names []string
	cells []bool // where the variable is in a cell, shared with inner functions
	dict  bool   // they are in a dict instead: of a module or the body of a class
}

// optimized is CO_OPTIMIZED: variables have slots in the frame.
const optimized = 1

// Kinds of co_localspluskinds (3.11).
const inCell = 0x40 | 0x80

// namesOf reads the names of a code object's variables, each once.
func (v *inspector) namesOf(code uint64) (*scopeNames, error) {
	if known := v.scopes[code]; known != nil {
		return known, nil
	}
	l := v.t.layout
	raw := make([]byte, l.codeSize)
	if err := v.t.mem.Read(code, raw); err != nil {
		return nil, err
	}
	s := &scopeNames{dict: half(raw, l.codeFlags)&optimized == 0}
	var err error
	if !s.dict {
		err = v.slotNames(s, raw)
	}
	if err == nil {
		v.scopes[code] = s
	}
	return s, err
}

// slotNames reads the names of the slots. Before 3.11 the cells of its own and of outer
// functions follow the local variables, with names in tuples of their own.
func (v *inspector) slotNames(s *scopeNames, raw []byte) error {
	l := v.t.layout
	if err := v.addNames(s, word(raw, l.codeNames), false); err != nil {
		return err
	}
	if !l.newStyle() {
		if err := v.addNames(s, word(raw, l.codeCells), true); err != nil {
			return err
		}
		return v.addNames(s, word(raw, l.codeCells-8), true) // co_freevars
	}
	kinds, err := v.t.bytes(word(raw, l.codeNames+8), maxLocals)
	for i := range min(len(kinds), len(s.cells)) {
		s.cells[i] = kinds[i]&inCell != 0
	}
	return err
}

func (v *inspector) addNames(s *scopeNames, tuple uint64, cells bool) error {
	n, err := v.t.pointer(tuple + objectSize)
	if err != nil {
		return err
	}
	if n > maxLocals {
		return fmt.Errorf("a function of %d variables, at most %d are looked at", n, maxLocals)
	}
	names, err := v.pointers(tuple+uint64(v.o.tupleItems), int(n))
	for _, at := range names {
		name, err := v.t.str(at)
		if err != nil {
			return err
		}
		s.names, s.cells = append(s.names, name), append(s.cells, cells)
	}
	return err
}

// slots reads what must stay as it is while the values are read: the frame's variables,
// or which dict they are in.
func (v *inspector) slots(f frameRef, names *scopeNames) ([]byte, error) {
	l := v.t.layout
	raw := make([]byte, l.frameSize, l.frameSize+8*len(names.names))
	if err := v.t.mem.Read(f.addr, raw); err != nil {
		return nil, err
	}
	if word(raw, l.frameCode) != word(f.raw, l.frameCode) {
		return nil, errTorn
	}
	if names.dict {
		return raw[v.o.frameNames : v.o.frameNames+8], nil
	}
	raw = raw[:8*len(names.names)]
	if len(raw) == 0 {
		return nil, nil
	}
	return raw, v.t.mem.Read(f.addr+uint64(l.frameLocals), raw)
}

// slotScope reads the variables that have a value.
func (v *inspector) slotScope(scope *Scope, names *scopeNames, slots []byte) error {
	for i, name := range names.names {
		at := word(slots, int64(8*i))
		if v.t.layout.taggedCode() {
			at &^= 3
		}
		if names.cells[i] {
			at = v.cellContents(at)
		}
		if at == 0 {
			continue
		}
		if err := v.add(scope, name, at); err != nil {
			return err
		}
	}
	return nil
}

// cellContents is what is in the cell at addr. From 3.11 on a variable has its cell
// only after the function's first instructions.
func (v *inspector) cellContents(addr uint64) uint64 {
	if addr == 0 {
		return 0
	}
	c, err := v.classOf(addr)
	if err != nil || c.name != "cell" {
		return addr
	}
	contents, err := v.t.pointer(addr + cellContents)
	if err != nil {
		return 0
	}
	return contents
}

// add reads a variable, or counts it where there are too many.
func (v *inspector) add(scope *Scope, name string, at uint64) error {
	if len(scope.Vars) >= maxVars {
		scope.Left++
		return nil
	}
	value, err := v.value(at)
	scope.Vars = append(scope.Vars, Variable{name, value})
	return err
}

// dictScope reads the variables of a module or the body of a class.
func (v *inspector) dictScope(scope *Scope, f frameRef) error {
	dict := word(f.raw, v.o.frameNames)
	module := dict == word(f.raw, v.o.frameGlobal)
	c, err := v.classOf(dict)
	if err != nil || c.kind != Dict {
		return err
	}
	items, left, err := v.dictItems(dict, maxLocals)
	scope.Left = left
	for ; err == nil && len(items) >= 2; items = items[2:] {
		name, nameErr := v.t.str(items[0])
		if nameErr != nil || module && !v.isData(name, items[1]) {
			continue
		}
		err = v.add(scope, name, items[1])
	}
	return err
}

// isData says whether a module's variable is more than what the module is made of.
func (v *inspector) isData(name string, at uint64) bool {
	if strings.HasPrefix(name, "__") && strings.HasSuffix(name, "__") {
		return false
	}
	c, err := v.classOf(at)
	return err != nil || c.kind != Module && c.kind != Function && c.flags&typeSubclass == 0
}

// threadName is the name of a threading.Thread: its object is the first variable of the
// frame that such a thread begins with.
func (v *inspector) threadName(frames []Frame, at []frameRef) string {
	for i := len(frames) - 1; i >= max(0, len(frames)-3); i-- {
		fn := frames[i].Func
		if !strings.HasSuffix(fn.Name, "_bootstrap") || !strings.HasSuffix(fn.File, "threading.py") {
			continue
		}
		self, err := v.t.pointer(at[i].addr + uint64(v.t.layout.frameLocals))
		if err != nil {
			return ""
		}
		if v.t.layout.taggedCode() {
			self &^= 3
		}
		name, ok := v.attribute(self, "_name")
		if !ok {
			return ""
		}
		text, err := v.t.str(name)
		if err != nil {
			return ""
		}
		return text
	}
	return ""
}
