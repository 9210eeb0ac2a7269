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

// kept is the address of a copy of v, in the piece at hand. It is small enough to be
// part of its callers.
func kept[T any](piece *[]T, size *int, v T) unsafe.Pointer {
	if len(*piece) == 0 {
		renew(piece, size)
	}
	p := &(*piece)[0]
	*piece = (*piece)[1:]
	*p = v
	return unsafe.Pointer(p)
}

func renew[T any](piece *[]T, size *int) { *piece = make([]T, nextSize(size)) }

func (b *boxes) float(f value.Float) value.Value {
	if b.plain {
		return f
	}
	return boxed(value.Float(0), kept(&b.floats, &b.nFloats, f))
}

func (b *boxes) int(i value.Int) value.Value {
	if b.plain || i >= 0 && i < 256 { // Go has these ready
		return i
	}
	return boxed(value.Int(0), kept(&b.ints, &b.nInts, i))
}

func (b *boxes) text(s value.Str) value.Value {
	if b.plain {
		return s
	}
	return boxed(value.Str(""), kept(&b.texts, &b.nTexts, s))
}
