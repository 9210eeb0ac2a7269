package cpython

// Before 3.11 a code object does not know the class it was written in. Where the first
// argument of a method is at hand, the class is found the way Python finds methods:
// through the classes of its type's order of resolution, down to the function itself,
// which knows its qualified name.

// Bounds on the search: classes of one order of resolution, entries of a class's dict.
const (
	maxClasses = 200
	maxEntries = 20_000
	maxCells   = 16
)

// Fields of functions and dicts, before 3.11.
const (
	dictKeys     = 32 // PyDictObject.ma_keys
	cellContents = 16 // PyCellObject.ob_ref
	keysSize     = 8  // PyDictKeysObject.dk_size
	keysEntries  = 32 // dk_nentries
	keysIndices  = 40 // dk_indices
	wrapped      = 16 // the function in a classmethod or staticmethod, fget in a property
	maxDictSlots = 1 << 20
	typeSubclass = 1 << 31 // Py_TPFLAGS_TYPE_SUBCLASS
	typeFlags    = 168
	entrySize    = 24 // PyDictKeyEntry: hash, key, value
)

// qualify finds the qualified name of the function whose code is at addr, or returns
// its name as it is.
func (t *Target) qualify(name string, addr uint64, raw []byte, frame uint64) string {
	l := t.layout
	if int32(half(raw, l.codeArgCount)) < 1 {
		return name
	}
	for _, self := range t.firstArguments(raw, frame) {
		class, err := t.pointer(self + objectType)
		if err != nil {
			continue
		}
		for _, typ := range []uint64{class, self} { // a method's self, or a class method's cls
			if typ == self && !t.isType(class) {
				break
			}
			if full, ok := t.searchClasses(typ, word(raw, l.codeName), addr); ok {
				return full
			}
		}
	}
	return name
}

// firstArguments are the objects that may be the first argument: the first local
// variable, or where an inner function captured that, what is in one of the cells.
func (t *Target) firstArguments(raw []byte, frame uint64) []uint64 {
	locals := frame + uint64(t.layout.frameLocals)
	if self, err := t.pointer(locals); err != nil || self != 0 {
		return []uint64{self}
	}
	cells, err := t.pointer(word(raw, t.layout.codeCells) + objectSize)
	if err != nil {
		return nil
	}
	var found []uint64
	first := locals + 8*uint64(half(raw, t.layout.codeCount))
	for i := range min(cells, maxCells) {
		cell, err := t.pointer(first + 8*i)
		if err != nil || cell == 0 {
			continue
		}
		if object, err := t.pointer(cell + cellContents); err == nil && object != 0 {
			found = append(found, object)
		}
	}
	return found
}

// isType says whether instances of the type at metaclass are types.
func (t *Target) isType(metaclass uint64) bool {
	flags, err := t.pointer(metaclass + typeFlags)
	return err == nil && flags&typeSubclass != 0
}

// searchClasses looks for the function in the classes that typ inherits from.
func (t *Target) searchClasses(typ, name, code uint64) (string, bool) {
	mro, err := t.pointer(typ + typeMRO)
	if err != nil || mro == 0 {
		return "", false
	}
	n, err := t.pointer(mro + objectSize)
	if err != nil || n > maxClasses {
		return "", false
	}
	for i := range n {
		class, err := t.pointer(mro + tupleItems + 8*i)
		if err != nil {
			return "", false
		}
		value, ok := t.classAttribute(class, name)
		if !ok {
			continue
		}
		if full, ok := t.functionName(value, code); ok {
			return full, true
		}
	}
	return "", false
}

// classAttribute looks name up, by its address, in the dict of a class. Names of
// attributes and of code are interned: one object each.
func (t *Target) classAttribute(class, name uint64) (uint64, bool) {
	dict, err := t.pointer(class + typeDict)
	if err != nil || dict == 0 {
		return 0, false
	}
	keys, err := t.pointer(dict + dictKeys)
	if err != nil {
		return 0, false
	}
	var head [keysIndices]byte
	if t.mem.Read(keys, head[:]) != nil {
		return 0, false
	}
	slots, used := word(head[:], keysSize), word(head[:], keysEntries)
	if slots > maxDictSlots || used > maxEntries || used == 0 {
		return 0, false
	}
	entries := make([]byte, used*entrySize)
	if t.mem.Read(keys+keysIndices+slots*indexSize(slots), entries) != nil {
		return 0, false
	}
	for ; len(entries) > 0; entries = entries[entrySize:] {
		if word(entries, 8) == name {
			return word(entries, 16), word(entries, 16) != 0
		}
	}
	return 0, false
}

// indexSize is how many bytes an index of a dict of so many slots has.
func indexSize(slots uint64) uint64 {
	switch {
	case slots <= 0xff:
		return 1
	case slots <= 0xffff:
		return 2
	}
	return 4
}

// functionName is the qualified name of the function at addr, or of the one wrapped in
// it, if its code is the one at code.
func (t *Target) functionName(addr, code uint64) (string, bool) {
	codeAt, nameAt := int64(16), int64(104) // func_code, func_qualname
	if t.layout.minor == 10 {
		codeAt, nameAt = 48, 40
	}
	for _, at := range []uint64{addr, 0} {
		if at == 0 {
			var err error
			if at, err = t.pointer(addr + wrapped); err != nil || at == 0 {
				return "", false
			}
		}
		var raw [112]byte
		if t.mem.Read(at, raw[:]) != nil || word(raw[:], codeAt) != code {
			continue
		}
		if full, err := t.str(word(raw[:], nameAt)); err == nil {
			return full, true
		}
	}
	return "", false
}
