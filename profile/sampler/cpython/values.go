package cpython

import (
	"encoding/binary"
	"errors"
	"math"
	"math/big"
	"slices"
	"unicode/utf8"

	"github.com/cantil-py/cantil/profile/sampler/remote"
)

// Kind is what a [Value] is.
type Kind uint8

// The kinds. Everything that is none of the others is an Object.
const (
	Object Kind = iota
	None
	Bool
	Int
	Float
	Complex
	Str
	Bytes
	ByteArray
	List
	Tuple
	Dict
	Set
	FrozenSet
	Ellipsis
	Function
	Module
	Class
	Exception
	Unreadable // memory that is no object (any more)
)

// Value is a Python value as far as it was read from the memory of its process.
// Nothing of the process was asked to run, so it tells an object's type where Python
// would call the object's own __repr__.
type Value struct {
	Kind  Kind
	Type  string   // "module.Class", "int"
	Text  string   // of Str (a lone surrogate as its three bytes), Bytes, ByteArray; the name of a Function, Module or Class
	Int   *big.Int // of Int and Bool; nil where it is too long, with Left bits
	Float float64  // of Float, and the real part of Complex
	Imag  float64  // of Complex
	Items []Value  // of containers and the arguments of an Exception; of a Dict key, value, key, value...
	Left  int      // characters, bytes, items or pairs that were not read
	Deep  bool     // a container within too many others, or within itself: its Items were not read
}

// Bounds of one value, and of all values of one thread.
const (
	maxText   = 200    // characters or bytes
	maxItems  = 20     // of a container
	maxLevels = 3      // containers within containers
	maxDigits = 150    // of 30 bits: 1,355 decimal digits
	maxValues = 20_000 // values of one thread: 100 frames of 100 variables, each of two
	maxSlots  = 4096   // of a dict or set that are looked through for its first items
)

// inspector reads values of one thread.
type inspector struct {
	t       *Target
	o       objectLayout
	classes map[uint64]*class
	scopes  map[uint64]*scopeNames // by code object
	within  []uint64               // the containers that are being read
	left    int                    // values that may still be read
}

func newInspector(t *Target) *inspector {
	return &inspector{t: t, o: objectsOf(t.layout.minor), classes: map[uint64]*class{}, scopes: map[uint64]*scopeNames{}, left: maxValues}
}

// value reads the object at addr. Only the end of the process is an error.
func (v *inspector) value(addr uint64) (Value, error) {
	if v.left--; v.left < 0 {
		return Value{Kind: Unreadable, Deep: true}, nil
	}
	c, err := v.classOf(addr)
	if err != nil {
		return Value{Kind: Unreadable}, gone(err)
	}
	one := Value{Kind: c.kind, Type: c.name}
	if err := v.fill(&one, addr, c); err != nil {
		if gone(err) != nil {
			return Value{}, err
		}
		return Value{Kind: Unreadable, Type: c.name}, nil
	}
	return one, nil
}

// gone is err if it says that the process has ended.
func gone(err error) error {
	if errors.Is(err, remote.ErrGone) {
		return err
	}
	return nil
}

func (v *inspector) classOf(addr uint64) (*class, error) {
	typ, err := v.t.pointer(addr + objectType)
	if err != nil {
		return nil, err
	}
	return v.classAt(typ, 0)
}

// fill reads what is in the object.
func (v *inspector) fill(one *Value, addr uint64, c *class) (err error) {
	switch c.kind {
	case Bool, Int:
		return v.integer(one, addr)
	case Float, Complex:
		return v.float(one, addr)
	case Str:
		return v.text(one, addr)
	case Bytes, ByteArray:
		return v.bytes(one, addr)
	case Function:
		one.Text, err = v.named(addr + uint64(v.o.function))
	case Module:
		one.Text, err = v.named(addr + 48) // md_name
	case Class:
		var self *class
		if self, err = v.classAt(addr, 0); err == nil {
			one.Text = self.name
		}
	case List, Tuple, Dict, Set, FrozenSet, Exception:
		return v.container(one, addr)
	}
	return err
}

// named reads a str by the pointer at addr.
func (v *inspector) named(addr uint64) (string, error) {
	at, err := v.t.pointer(addr)
	if err != nil {
		return "", err
	}
	return v.t.str(at)
}

// integer reads digits of 30 bits, least first. Their number and sign are ob_size
// before 3.12; from then on a tag: number above bit 3, bits 0 and 1 are 0 where it is
// positive and 2 where it is negative.
func (v *inspector) integer(one *Value, addr uint64) error {
	size, err := v.t.pointer(addr + objectSize)
	if err != nil {
		return err
	}
	n, negative := size, int64(size) < 0
	if v.o.longTag {
		n, negative = size>>3, size&3 == 2
		if size&3 == 1 {
			n = 0
		}
	} else if negative {
		n = -size
	}
	if n > maxDigits {
		one.Left = int(min(n, math.MaxInt32)) * 30
		return nil
	}
	x := new(big.Int)
	if n > 0 {
		raw := make([]byte, 4*n)
		if err := v.t.mem.Read(addr+24, raw); err != nil {
			return err
		}
		for i := int64(n) - 1; i >= 0; i-- {
			x.Lsh(x, 30).Or(x, big.NewInt(int64(half(raw, 4*i)&(1<<30-1))))
		}
	}
	if negative {
		x.Neg(x)
	}
	one.Int = x
	return nil
}

func (v *inspector) float(one *Value, addr uint64) error {
	raw := make([]byte, 16)
	if one.Kind == Float {
		raw = raw[:8]
	}
	if err := v.t.mem.Read(addr+16, raw); err != nil {
		return err
	}
	one.Float = math.Float64frombits(word(raw, 0))
	if one.Kind == Complex {
		one.Imag = math.Float64frombits(word(raw, 8))
	}
	return nil
}

// text reads the first characters of a str: those of a compact one follow its head,
// a subclass's are elsewhere.
func (v *inspector) text(one *Value, addr uint64) error {
	var head [40]byte
	if err := v.t.mem.Read(addr, head[:]); err != nil {
		return err
	}
	n, state := word(head[:], strLength), binary.LittleEndian.Uint32(head[strState:])
	width, compact, ascii := uint64(state>>2&7), state>>5&1 == 1, state>>6&1 == 1
	if width != 1 && width != 2 && width != 4 {
		return errTorn
	}
	at := addr + uint64(v.t.layout.compactData)
	switch {
	case !compact:
		var err error
		if at, err = v.t.pointer(at); err != nil {
			return err
		}
	case ascii:
		at = addr + uint64(v.t.layout.asciiData)
	}
	shown := min(n, maxText)
	one.Left = int(min(n-shown, math.MaxInt32))
	if shown == 0 {
		return nil
	}
	data := make([]byte, shown*width)
	if err := v.t.mem.Read(at, data); err != nil {
		return err
	}
	one.Text = characters(data, int(width))
	return nil
}

// characters are those of decodeStr, but a surrogate stays one, as three bytes.
func characters(data []byte, width int) string {
	var text []byte
	for ; len(data) > 0; data = data[width:] {
		var r rune
		switch width {
		case 1:
			r = rune(data[0])
		case 2:
			r = rune(binary.LittleEndian.Uint16(data))
		default:
			r = rune(binary.LittleEndian.Uint32(data))
		}
		if r >= 0xD800 && r <= 0xDFFF {
			text = append(text, 0xE0|byte(r>>12), 0x80|byte(r>>6&0x3F), 0x80|byte(r&0x3F))
		} else {
			text = utf8.AppendRune(text, r)
		}
	}
	return string(text)
}

// bytes reads the first bytes. A bytearray has ob_alloc, ob_bytes and ob_start in
// front of them.
func (v *inspector) bytes(one *Value, addr uint64) error {
	n, err := v.t.pointer(addr + objectSize)
	at := addr + bytesData
	if err == nil && one.Kind == ByteArray && n > 0 {
		at, err = v.t.pointer(addr + 40)
	}
	if err != nil {
		return err
	}
	shown := min(n, maxText)
	one.Left = int(min(n-shown, math.MaxInt32))
	if shown == 0 {
		return nil
	}
	data := make([]byte, shown)
	err = v.t.mem.Read(at, data)
	one.Text = string(data)
	return err
}

// container reads the items, unless it lies too deep, or in itself.
func (v *inspector) container(one *Value, addr uint64) error {
	if len(v.within) >= maxLevels || slices.Contains(v.within, addr) {
		one.Deep = true
		return nil
	}
	items, left, err := v.items(one.Kind, addr)
	if err != nil {
		return err
	}
	one.Left = left
	v.within = append(v.within, addr)
	defer func() { v.within = v.within[:len(v.within)-1] }()
	for _, at := range items {
		item, err := v.value(at)
		if err != nil {
			return err
		}
		one.Items = append(one.Items, item)
	}
	return nil
}

// items are the first objects in a container, and how many more there are.
func (v *inspector) items(kind Kind, addr uint64) ([]uint64, int, error) {
	switch kind {
	case Dict:
		return v.dictItems(addr, maxItems)
	case Set, FrozenSet:
		return v.setItems(addr)
	case Exception: // its arguments are a tuple, behind its dict
		args, err := v.t.pointer(addr + 24)
		if err != nil {
			return nil, 0, err
		}
		addr = args
	}
	n, err := v.t.pointer(addr + objectSize)
	at := addr + uint64(v.o.tupleItems)
	if err == nil && kind == List {
		at, err = v.t.pointer(addr + 24) // ob_item
	}
	if err != nil {
		return nil, 0, err
	}
	shown := min(n, maxItems)
	items, err := v.pointers(at, int(shown))
	return items, int(min(n-shown, math.MaxInt32)), err
}

// pointers reads n words.
func (v *inspector) pointers(addr uint64, n int) ([]uint64, error) {
	if n == 0 {
		return nil, nil
	}
	raw := make([]byte, 8*n)
	if err := v.t.mem.Read(addr, raw); err != nil {
		return nil, err
	}
	found := make([]uint64, n)
	for i := range found {
		found[i] = word(raw, int64(8*i))
	}
	return found, nil
}

// setItems are those in the slots of its table (key, hash) that are neither empty nor
// of an item that was removed: only those have the hash -1.
func (v *inspector) setItems(addr uint64) ([]uint64, int, error) {
	raw := make([]byte, 48) // ..., fill, used, mask, table
	if err := v.t.mem.Read(addr, raw); err != nil {
		return nil, 0, err
	}
	used, slots, table := word(raw, 24), word(raw, 32)+1, word(raw, 40)
	if used == 0 {
		return nil, 0, nil
	}
	slots = min(slots, maxSlots)
	words, err := v.pointers(table, 2*int(slots))
	var found []uint64
	for i := 0; i < len(words) && len(found) < maxItems; i += 2 {
		if words[i] != 0 && words[i+1] != math.MaxUint64 {
			found = append(found, words[i])
		}
	}
	return found, int(min(used, math.MaxInt32)) - len(found), err
}
