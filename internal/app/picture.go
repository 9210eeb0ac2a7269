package app

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"math"
	"os"
	"slices"
	"strings"

	"github.com/cantil-py/cantil/value"
	"github.com/cantil-py/cantil/value/npy"
	"github.com/cantil-py/cantil/value/pickle"
	"github.com/cantil-py/cantil/value/scan"
)

const (
	// mostPictures of one file are drawn: what people look at together.
	mostPictures = 12
	// mostPictured elements of an array are looked at for its picture: a second, and 128 MB.
	mostPictured = 16 << 20
	// lineWidth and gridSide are the points of a picture; a screen has not many more for it.
	lineWidth = 800
	gridSide  = 256
	// mostPickled bounds a file of pickles that is read for pictures, in bytes.
	mostPickled = 256 << 20
)

// Picture is an array, made small enough to be drawn: a curve of the least and the largest elements, or a grid of means. Of an array of
// more than two dimensions it is the first plane.
type Picture struct {
	Name   string   `json:"name"` // of a member or a key; "" for the only one
	DType  string   `json:"dtype"`
	Shape  []int    `json:"shape"`
	Kind   string   `json:"kind"`             // line or grid
	Width  int      `json:"width"`            // points in a row
	Height int      `json:"height,omitempty"` // of a grid: rows
	Low    []Number `json:"low,omitempty"`    // of a line
	High   []Number `json:"high,omitempty"`
	Cells  []Number `json:"cells,omitempty"` // of a grid, row by row
	Least  Number   `json:"least"`
	Most   Number   `json:"most"`
	Why    string   `json:"why,omitempty"` // there is none, and why
}

// Number is a number that JSON cannot hold in all cases: what is not finite becomes null.
type Number float64

// MarshalJSON writes five digits: more cannot be seen.
func (n Number) MarshalJSON() ([]byte, error) {
	v := float64(n)
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(float32(v)))
}

// Pictures are those of the arrays in a file: of a .npy file its own, of a .npz file those of its members, of a pickle those
// of the value, or of the items of a dict or list. A file without arrays has none.
func Pictures(path string) ([]Picture, error) {
	head, err := headOf(path)
	if err != nil {
		return nil, err
	}
	switch {
	case strings.HasPrefix(head, npy.Magic):
		return pictureOfNpy(path)
	case strings.HasPrefix(head, "PK\x03\x04"):
		return picturesOfZip(path)
	case strings.HasPrefix(head, "\x1f\x8b"):
		return nil, nil
	}
	return picturesOfPickle(path)
}

func pictureOfNpy(path string) (list []Picture, err error) {
	a, err := npy.Open(path)
	if errors.Is(err, npy.ErrObjects) {
		return nil, nil
	}
	if err != nil {
		return nil, &BadInput{err}
	}
	defer a.Close()
	err = whileMapped(path, func() error {
		list = []Picture{pictureOf("", a)}
		return nil
	})
	return list, err
}

func picturesOfZip(path string) (list []Picture, err error) {
	z, err := npy.OpenZip(path)
	if err != nil {
		return nil, &BadInput{err}
	}
	defer z.Close()
	for _, name := range z.Names[:min(len(z.Names), mostPictures)] {
		if a, err := z.Read(name, npy.Options{}); err == nil { // a member that is no array has none
			list = append(list, pictureOf(name, a))
		}
	}
	return list, nil
}

// picturesOfPickle: what is wrong with the pickle, whoever prints it tells.
func picturesOfPickle(path string) (list []Picture, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	d := pickle.NewDecoder(bufio.NewReader(io.LimitReader(file, mostPickled)))
	d.MaxOpcodes = scan.MaxOpcodes
	v, err := d.Value()
	if err != nil {
		return nil, nil
	}
	add := func(name string, v value.Value) {
		array, ok := v.(*value.Array)
		if !ok || len(list) == mostPictures {
			return
		}
		if a, err := npy.FromValue(array); err == nil {
			list = append(list, pictureOf(name, a))
		}
	}
	add("", v)
	switch v := v.(type) {
	case *value.Dict:
		for key, item := range v.All() {
			add(key.String(), item)
		}
	case *value.List:
		for _, item := range v.Items {
			add("", item)
		}
	}
	return list, nil
}

// pictureOf makes the picture of an array, or tells why there is none.
func pictureOf(name string, a *npy.Array) Picture {
	p := Picture{Name: name, DType: a.DType.String(), Shape: slices.Concat([]int{}, a.Shape)}
	plane, rows, columns := planeOf(a)
	switch {
	case a.Len() == 0:
		p.Why = "it has no elements"
		return p
	case rows*columns > mostPictured:
		p.Why = "it has too many elements for a picture"
		return p
	}
	numbers, err := npy.Floats(plane)
	if err != nil {
		p.Why = "its elements are no numbers on a line"
		return p
	}
	p.Least, p.Most = ends(numbers)
	if rows == 1 {
		p.line(numbers)
	} else {
		p.grid(numbers, rows, columns)
	}
	return p
}

// planeOf is the array, or of one with more than two dimensions the first plane along the last two.
func planeOf(a *npy.Array) (plane *npy.Array, rows, columns int) {
	switch n := len(a.Shape); {
	case n == 0:
		return a, 1, 1
	case n == 1:
		return a, 1, a.Shape[0]
	default:
		rows, columns = a.Shape[n-2], a.Shape[n-1]
		if n == 2 || a.Len() == 0 {
			return a, rows, columns
		}
		if a.Fortran { // its planes lie scattered
			return a, 1, a.Len()
		}
		size := rows * columns * a.DType.ItemSize()
		if plane, err := npy.New(a.DType, []int{rows, columns}, false, a.Data[:size]); err == nil {
			return plane, rows, columns
		}
		return a, 1, a.Len()
	}
}

// ends are the least and the largest finite number.
func ends(numbers []float64) (least, most Number) {
	least, most = Number(math.NaN()), Number(math.NaN())
	for _, v := range numbers {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			continue
		}
		if !(float64(least) <= v) {
			least = Number(v)
		}
		if !(float64(most) >= v) {
			most = Number(v)
		}
	}
	return least, most
}

// line draws numbers as a band from the least to the largest of those that share a point.
func (p *Picture) line(numbers []float64) {
	p.Kind, p.Width = "line", min(len(numbers), lineWidth)
	for x := range p.Width {
		low, high := ends(numbers[x*len(numbers)/p.Width : (x+1)*len(numbers)/p.Width])
		p.Low, p.High = append(p.Low, low), append(p.High, high)
	}
}

// grid draws numbers as cells, each the mean of those that share it.
func (p *Picture) grid(numbers []float64, rows, columns int) {
	p.Kind, p.Width, p.Height = "grid", min(columns, gridSide), min(rows, gridSide)
	for y := range p.Height {
		for x := range p.Width {
			sum, count := 0.0, 0
			for i := y * rows / p.Height; i < (y+1)*rows/p.Height; i++ {
				for j := x * columns / p.Width; j < (x+1)*columns/p.Width; j++ {
					if v := numbers[i*columns+j]; !math.IsNaN(v) && !math.IsInf(v, 0) {
						sum, count = sum+v, count+1
					}
				}
			}
			p.Cells = append(p.Cells, Number(sum/float64(count)))
		}
	}
}
