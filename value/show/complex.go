package show

// complexFormat writes the two parts, each with a format of its own.
type complexFormat struct {
	re, im *floatFormat
	size   int // bytes of a part
}

func newComplexFormat(v view, o Options) format {
	im := o
	im.Sign = '+'
	if o.is(Legacy113) {
		o.FloatMode, im.FloatMode = MaxPrecEqual, MaxPrec
	}
	half := v.half(false)
	return &complexFormat{newFloatFormat(half, o), newFloatFormat(v.half(true), im), half.dtype.Size}
}

// append puts the j before the spaces that fill the imaginary part.
func (f *complexFormat) append(dst []byte, at int) []byte {
	dst = f.re.append(dst, at)
	start := len(dst)
	dst = f.im.append(dst, at+f.size)
	end := len(dst)
	for end > start && dst[end-1] == ' ' {
		end--
	}
	dst = append(dst, 0)
	copy(dst[end+1:], dst[end:])
	dst[end] = 'j'
	return dst
}
