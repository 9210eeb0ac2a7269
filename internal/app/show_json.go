package app

import (
	"bufio"
	"encoding/json"
	"io"

	"github.com/cantil-py/cantil/value"
	"github.com/cantil-py/cantil/value/npy"
	"github.com/cantil-py/cantil/value/show"
)

// writeArrayJSON prints an array as an object: dtype, shape, the elements in lists within
// lists and, if asked for, what --stats tells.
func writeArrayJSON(a *npy.Array, opts ArrayOptions, w io.Writer) error {
	shape := a.Shape
	if shape == nil {
		shape = []int{}
	}
	size, err := json.Marshal(shape)
	if err != nil {
		return err
	}
	b := bufio.NewWriter(w)
	io.WriteString(b, `{"dtype": `+value.JSONText(a.DType.String())+`, "shape": `+string(size)+`, "data": `)
	if err := show.WriteJSON(b, a); err != nil {
		return &BadInput{err}
	}
	if opts.Stats {
		facts, err := factsOf(a, opts.Print)
		if err != nil {
			return err
		}
		text, err := json.Marshal(facts)
		if err != nil {
			return err
		}
		io.WriteString(b, `, "stats": `+string(text))
	}
	io.WriteString(b, "}\n")
	return b.Flush()
}
