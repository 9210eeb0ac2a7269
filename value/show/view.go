package show

import (
	"github.com/cantil-py/cantil/value"
	"github.com/cantil-py/cantil/value/npy"
)

// everything is the edge of a view that is not summarised.
const everything = -1

// view is an array, or one field or part of every element of an array: where the
// elements lie in the data.
type view struct {
	data    []byte
	objects []value.Value
	dtype   npy.DType
	shape   []int
	strides []int
	offset  int
	outer   int // how many axes are of the array itself, and summarised
	edge    int // elements at each end of those axes that count, or everything
}

func viewOf(a *npy.Array) view {
	return view{data: a.Data, objects: a.Objects, dtype: a.DType, shape: a.Shape, strides: a.Strides(), outer: len(a.Shape), edge: everything}
}

// field is the view of one field; its own shape becomes further axes.
func (v view) field(f npy.Field) view {
	v.offset += f.Offset
	v.dtype = f.DType
	v.dtype.Shape = nil
	sub := npy.Array{DType: v.dtype, Shape: f.DType.Shape}
	v.shape = append(v.shape[:len(v.shape):len(v.shape)], sub.Shape...)
	v.strides = append(v.strides[:len(v.strides):len(v.strides)], sub.Strides()...)
	return v
}

// half is the real part of a view of complex numbers, or the imaginary one.
func (v view) half(imaginary bool) view {
	v.dtype.Kind = npy.Float
	v.dtype.Size /= 2
	if imaginary {
		v.offset += v.dtype.Size
	}
	return v
}

// each calls f with the place of every element that is looked at to choose a format:
// all, or those at the ends of the axes.
func (v view) each(f func(at int)) { v.eachOf(0, v.offset, f) }

func (v view) eachOf(axis, at int, f func(at int)) {
	if axis == len(v.shape) {
		f(at)
		return
	}
	n, step := v.shape[axis], v.strides[axis]
	// With an edge of 0 numpy takes a[-0:], which is all.
	summarised := axis < v.outer && v.edge > 0 && n > 2*v.edge
	last := axis == len(v.shape)-1
	for i := 0; i < n; i++ {
		if summarised && i == v.edge {
			i = n - v.edge
		}
		if last {
			f(at + i*step)
		} else {
			v.eachOf(axis+1, at+i*step, f)
		}
	}
}

// len is the number of elements that each visits.
func (v view) len() int {
	n := 1
	for axis, m := range v.shape {
		if axis < v.outer && v.edge > 0 && m > 2*v.edge {
			m = 2 * v.edge
		}
		n *= m
	}
	return n
}
