package pickle

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/big"
	"slices"

	"github.com/cantil-py/cantil/value"
)

func (w *writer) bool(b bool) {
	switch {
	case w.Protocol >= 2 && b:
		w.op(opNewtrue)
	case w.Protocol >= 2:
		w.op(opNewfalse)
	case b:
		w.out = append(w.out, "I01\n"...)
	default:
		w.out = append(w.out, "I00\n"...)
	}
}

func (w *writer) int(i int64) {
	switch {
	case w.Protocol == 0:
		w.out = fmt.Appendf(w.out, "L%dL\n", i)
	case i >= 0 && i < 1<<8:
		w.out = append(w.out, opBinint1, byte(i))
	case i >= 0 && i < 1<<16:
		w.out = append(w.out, opBinint2, byte(i), byte(i>>8))
	case i == int64(int32(i)):
		w.out = binary.LittleEndian.AppendUint32(append(w.out, opBinint), uint32(i))
	case w.Protocol >= 2:
		n := 8
		for n > 1 && i>>(8*(n-1)-1) == i>>63 {
			n--
		}
		w.out = append(w.out, opLong1, byte(n))
		for k := range n {
			w.out = append(w.out, byte(i>>(8*k)))
		}
	default:
		w.out = fmt.Appendf(w.out, "L%dL\n", i)
	}
}

func (w *writer) bigInt(x *big.Int) error {
	if x.IsInt64() {
		w.int(x.Int64())
		return nil
	}
	if w.Protocol < 2 {
		w.out = append(append(append(w.out, opLong), x.String()...), "L\n"...)
		return nil
	}
	p := twosComplement(x)
	if len(p) < 256 {
		w.out = append(w.out, opLong1, byte(len(p)))
	} else if len(p) <= math.MaxInt32 {
		w.out = binary.LittleEndian.AppendUint32(append(w.out, opLong4), uint32(len(p)))
	} else {
		return fmt.Errorf("an int of %d bytes is too long", len(p))
	}
	return w.bulk(p)
}

// twosComplement is x, lowest byte first, with room for the sign.
func twosComplement(x *big.Int) []byte {
	n := x.BitLen()/8 + 1
	y := x
	if x.Sign() < 0 {
		n = new(big.Int).Not(x).BitLen()/8 + 1 // one less for -128
		y = new(big.Int).Add(x, new(big.Int).Lsh(big.NewInt(1), uint(8*n)))
	}
	p := y.FillBytes(make([]byte, n))
	slices.Reverse(p)
	return p
}

func (w *writer) float(f float64) {
	if w.Protocol == 0 {
		w.out = append(append(append(w.out, opFloat), value.ReprFloat(f)...), '\n')
		return
	}
	b := math.Float64bits(f)
	w.out = append(w.out, opBinfloat, byte(b>>56), byte(b>>48), byte(b>>40), byte(b>>32), byte(b>>24), byte(b>>16), byte(b>>8), byte(b))
}

// str writes a str, or a reference to an equal one.
func (w *writer) str(s string) error {
	if n, ok := w.texts[s]; ok {
		w.get(n)
		return nil
	}
	if !validText(s) {
		return fmt.Errorf("the str %.40q: %w", s, errNotText)
	}
	if err := w.text(s); err != nil {
		return err
	}
	w.texts[s] = w.put()
	return nil
}

func (w *writer) text(s string) error {
	n := uint64(len(s))
	switch {
	case w.Protocol == 0:
		w.out = append(appendRawEscaped(append(w.out, opUnicode), s), '\n')
		return nil
	case n < 256 && w.Protocol >= 4:
		w.out = append(w.out, opShortBinunicode, byte(n))
	case n <= math.MaxUint32:
		w.out = binary.LittleEndian.AppendUint32(append(w.out, opBinunicode), uint32(n))
	case w.Protocol >= 4:
		w.out = binary.LittleEndian.AppendUint64(append(w.out, opBinunicode8), n)
	default:
		return fmt.Errorf("a str of %d bytes needs protocol 4", n)
	}
	return w.bulkString(s)
}

// bytes have an opcode from protocol 3 on; before, they are a call.
// Equal ones are written once, unless they are so long that looking for them costs.
func (w *writer) bytes(p value.Bytes) error {
	short := len(p) < flushAt
	if short && w.again(p) {
		return nil
	}
	if err := w.newBytes(p); err != nil || !short {
		return err
	}
	w.remember(p)
	return nil
}

func (w *writer) newBytes(p value.Bytes) error {
	if w.Protocol >= 3 {
		return w.rawBytes(string(p))
	}
	if p == "" {
		return w.call(builtin("bytes"))
	}
	return w.call(value.Global{Module: "_codecs", Name: "encode"}, value.Str(latin1Text([]byte(p))), value.Str("latin1"))
}

func (w *writer) rawBytes(p string) error {
	n := uint64(len(p))
	switch {
	case n < 256:
		w.out = append(w.out, opShortBinbytes, byte(n))
	case n <= math.MaxUint32:
		w.out = binary.LittleEndian.AppendUint32(append(w.out, opBinbytes), uint32(n))
	case w.Protocol >= 4:
		w.out = binary.LittleEndian.AppendUint64(append(w.out, opBinbytes8), n)
	default:
		return fmt.Errorf("%d bytes in one need protocol 4", n)
	}
	return w.bulkString(p)
}

// latin1Text is the text whose characters have the numbers of the bytes.
func latin1Text(p []byte) string {
	out := make([]byte, 0, 2*len(p))
	for _, c := range p {
		if c < 0x80 {
			out = append(out, c)
		} else {
			out = append(out, 0xC0|c>>6, 0x80|c&0x3F)
		}
	}
	return string(out)
}

func (w *writer) byteArray(b *value.ByteArray) error {
	if w.Protocol >= 5 {
		w.out = binary.LittleEndian.AppendUint64(append(w.out, opBytearray8), uint64(len(b.Data)))
		if err := w.bulk(b.Data); err != nil {
			return err
		}
		w.remember(b)
		return nil
	}
	return w.reduce(b, builtin("bytearray"), value.Bytes(b.Data))
}

func (w *writer) singleton(s value.Singleton) error {
	switch s {
	case value.None:
		w.op(opNone)
		return nil
	case value.Ellipsis, value.NotImplemented:
		return w.named(builtin(s.String()))
	}
	return fmt.Errorf("there is no singleton %d", s)
}

func builtin(name string) value.Global { return value.Global{Module: "builtins", Name: name} }
