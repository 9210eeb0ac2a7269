package cpython

import "fmt"

// objectLayout is where values keep what is in them: offsets in bytes. Sources:
// CPython's own headers at the tags named at [layout], read back with ctypes from
// running interpreters of every version.
type objectLayout struct {
	tupleItems  int64 // 3.14 keeps the hash in front of them
	longTag     bool  // sign and number of digits of an int share a word (3.12)
	qualname    int64 // ht_qualname of a class made by a class statement; its shared keys are the next word
	function    int64 // func_qualname
	frameGlobal int64 // f_globals; f_locals is where frameNames says
	frameNames  int64
	keysHead    int64 // of PyDictKeysObject, up to the indices
	managed     managedDict
}

// managedDict is how instances of Python's classes keep their attributes.
type managedDict uint8

const (
	ownDict      managedDict = iota // at tp_dictoffset: before 3.11
	valuesBefore                    // values at -4 words, dict at -3: 3.11
	taggedBefore                    // one word at -3, odd where it leads to values: 3.12
	valuesInline                    // dict at -3 words, values behind the object: 3.13 and later
)

// objectsOf is the layout of a version that [layoutOf] knows.
func objectsOf(minor int) objectLayout {
	o := objectLayout{tupleItems: 24, qualname: 872, function: 40, frameGlobal: 48, frameNames: 56, keysHead: 40}
	switch minor {
	case 6, 7:
		o.qualname, o.function = 848, 104
	case 8:
		o.qualname, o.function = 864, 104
	case 9:
		o.qualname, o.function = 856, 104
	case 10:
		o.qualname = 864
	case 11:
		o.qualname, o.frameGlobal, o.frameNames, o.keysHead, o.managed = 864, 8, 24, 32, valuesBefore
	default:
		o.longTag, o.frameGlobal, o.frameNames, o.keysHead, o.managed = true, 24, 40, 32, valuesInline
	}
	switch {
	case minor == 12:
		o.managed = taggedBefore
	case minor >= 14:
		o.tupleItems = 32
	}
	return o
}

// Fields of types, the same in every version.
const (
	typeBasicSize  = 32
	typeRepr       = 88
	typeBase       = 256
	typeDictOffset = 288
	typeRead       = 296 // how much of a type is read
)

// Flags of types (Include/object.h).
const (
	typeInlineValues = 1 << 2 // 3.13
	typeManagedDict  = 1 << 4 // 3.11
	typeHeap         = 1 << 9 // made by a class statement, or by an extension the same way
)

// kinds are the types whose values are read, by tp_name.
var kinds = map[string]Kind{
	"NoneType": None, "bool": Bool, "int": Int, "float": Float, "complex": Complex, "str": Str, "bytes": Bytes,
	"bytearray": ByteArray, "list": List, "tuple": Tuple, "dict": Dict, "set": Set, "frozenset": FrozenSet,
	"ellipsis": Ellipsis, "function": Function, "module": Module, "type": Class, "BaseException": Exception,
}

// class is what is known of a type.
type class struct {
	kind       Kind
	name       string // "module.Class"; without a module for those of builtins
	repr       uint64 // tp_repr
	flags      uint64
	dictOffset int64
	basicSize  int64
	keys       uint64 // shared keys of its instances; 0 where it has none
}

// classAt reads the type at addr, each once.
func (v *inspector) classAt(addr uint64, depth int) (*class, error) {
	if c, known := v.classes[addr]; known {
		if c == nil {
			return nil, fmt.Errorf("%#x is no type", addr)
		}
		return c, nil
	}
	c, err := v.readClass(addr, depth)
	v.classes[addr] = c // nil as well
	return c, err
}

func (v *inspector) readClass(addr uint64, depth int) (*class, error) {
	if addr == 0 || addr%8 != 0 || depth > maxClasses {
		return nil, fmt.Errorf("%#x is no type", addr)
	}
	raw := make([]byte, typeRead)
	if err := v.t.mem.Read(addr, raw); err != nil {
		return nil, err
	}
	if !v.t.isType(word(raw, objectType)) {
		return nil, fmt.Errorf("%#x is no type", addr)
	}
	short, err := v.t.cString(word(raw, typeName))
	if err != nil {
		return nil, err
	}
	c := &class{name: short, repr: word(raw, typeRepr), flags: word(raw, typeFlags),
		dictOffset: int64(word(raw, typeDictOffset)), basicSize: int64(word(raw, typeBasicSize))}
	if kind, exact := kinds[short]; exact && c.flags&typeHeap == 0 {
		c.kind = kind
		return c, nil
	}
	// A class that prints as the one it inherits from holds the same kind of value.
	if base := word(raw, typeBase); base != 0 {
		if b, err := v.classAt(base, depth+1); err == nil && b.repr == c.repr && b.kind.inherits() {
			c.kind = b.kind
		}
	}
	if c.flags&typeHeap != 0 {
		v.nameHeap(addr, word(raw, typeDict), c)
	}
	return c, nil
}

// inherits says whether a subclass that does not define how it prints prints as its
// base does: set and frozenset print the name of their own type.
func (k Kind) inherits() bool {
	switch k {
	case Int, Float, Complex, Str, Bytes, List, Tuple, Dict, Class, Exception:
		return true
	}
	return false
}

// nameHeap finds the full name of a class made by a class statement, and the keys
// that its instances share.
func (v *inspector) nameHeap(addr, dict uint64, c *class) {
	var raw [16]byte
	if v.t.mem.Read(addr+uint64(v.o.qualname), raw[:]) != nil {
		return
	}
	c.keys = word(raw[:], 8)
	qualname, err := v.t.str(word(raw[:], 0))
	if err != nil {
		return
	}
	c.name = qualname
	if at, ok := v.lookup(dict, "__module__"); ok {
		if module, err := v.t.str(at); err == nil && module != "builtins" {
			c.name = module + "." + qualname
		}
	}
}
