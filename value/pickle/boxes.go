package pickle

import (
	"unsafe"

	"github.com/cantil-py/cantil/value"
)

// boxes makes Values of floats, ints and texts without an allocation for each.
//
// An interface holds the address of what is in it. Go allocates eight bytes for each
// float that becomes one, and the garbage collector has to mark each; here they lie in
// large pieces, and the interface is given an address within. It is half of the time of
// decoding a list of floats. That an interface is two words, the second an address, is
// how every Go has had it; [newBoxes] makes sure.
type boxes struct {
	floats []value.Float
	ints   []value.Int
	texts  []value.Str

	nFloats, nInts, nTexts int  // the sizes of the last pieces
	plain                  bool // interfaces are not as they were: let Go make them
}

// newBoxes tries the trick once.
func newBoxes() boxes {
	f := value.Float(1.5)
	v, ok := boxed(value.Float(0), unsafe.Pointer(&f)).(value.Float)
	return boxes{plain: unsafe.Sizeof(value.Value(nil)) != 2*unsafe.Sizeof(uintptr(0)) || !ok || v != f}
}

// boxed is a Value of the type of like that holds what p points to.
func boxed(like value.Value, p unsafe.Pointer) value.Value {
	(*[2]unsafe.Pointer)(unsafe.Pointer(&like))[1] = p
	return like
}

func (b *boxes) float(f value.Float) value.Value {
	if b.plain {
		return f
	}
	if len(b.floats) == 0 {
		b.floats = make([]value.Float, nextSize(&b.nFloats))
	}
	p := &b.floats[0]
	b.floats = b.floats[1:]
	*p = f
	return boxed(value.Float(0), unsafe.Pointer(p))
}

func (b *boxes) int(i value.Int) value.Value {
	if b.plain || i >= 0 && i < 256 { // Go has these ready
		return i
	}
	if len(b.ints) == 0 {
		b.ints = make([]value.Int, nextSize(&b.nInts))
	}
	p := &b.ints[0]
	b.ints = b.ints[1:]
	*p = i
	return boxed(value.Int(0), unsafe.Pointer(p))
}

func (b *boxes) text(s value.Str) value.Value {
	if b.plain {
		return s
	}
	if len(b.texts) == 0 {
		b.texts = make([]value.Str, nextSize(&b.nTexts))
	}
	p := &b.texts[0]
	b.texts = b.texts[1:]
	*p = s
	return boxed(value.Str(""), unsafe.Pointer(p))
}
