package value

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"io"
	"math"
	"strings"
)

// WriteJSON writes v as JSON. Lists and tuples are arrays, dicts whose keys are all str
// are objects, and what JSON has no form for is an object with one member that begins
// with a dollar sign and names the type:
//
//	{"$bytes": "base64"}  {"$set": [...]}  {"$dict": [[key, value], ...]}
//	{"$float": "nan"}  {"$complex": [1.0, 2.0]}  {"$cycle": "list"}
//	{"$object": "module.Class", "args": [...], "state": ...}  {"$repr": "range(0, 3)"}
//	{"$array": "<f8", "shape": [2], "fortran": false, "items": [1.0, 2.0]}
//
// A lone surrogate is written as its escape.
func WriteJSON(w io.Writer, v Value) error { return JSON{}.Write(w, v) }

// JSON is how [WriteJSON] writes.
type JSON struct {
	// Numpy writes the elements of an [Array], in lists, or a [Scalar]. Without it, or where
	// it is an error, an array has its bytes, in base64, and a scalar its type alone.
	Numpy func(w io.Writer, v Value) error
}

// Write is [WriteJSON].
func (o JSON) Write(w io.Writer, v Value) error {
	j := jsonWriter{JSON: o, out: bufio.NewWriter(w), open: map[Value]bool{}}
	j.value(v)
	j.out.WriteByte('\n')
	if j.count > maxJSON {
		return fmt.Errorf("writing JSON: more than %d values: what is shared is written each time", maxJSON)
	}
	return j.out.Flush()
}

// maxJSON bounds the values written: a small pickle whose values share their parts can
// be endless.
const maxJSON = 1 << 30

// maxReprInJSON bounds the reprs of what has no other form.
const maxReprInJSON = 1 << 20

type jsonWriter struct {
	JSON
	out  *bufio.Writer
	open map[Value]bool

	count int
}

func (j *jsonWriter) text(s string) { j.out.WriteString(s) }

func (j *jsonWriter) value(v Value) {
	if j.count++; j.count > maxJSON {
		return
	}
	switch v := v.(type) {
	case nil:
		j.text("null")
	case Bool, Int, BigInt:
		j.text(strings.ToLower(v.String()))
	case Float:
		j.float(float64(v))
	case Str:
		j.text(JSONText(string(v)))
	case Bytes:
		j.text(`{"$bytes": "` + base64.StdEncoding.EncodeToString([]byte(v)) + `"}`)
	case *ByteArray:
		j.text(`{"$bytearray": "` + base64.StdEncoding.EncodeToString(v.Data) + `"}`)
	case Complex:
		j.text(`{"$complex": [`)
		j.float(real(v))
		j.text(", ")
		j.float(imag(v))
		j.text("]}")
	default:
		j.deeper(v)
	}
}

func (j *jsonWriter) deeper(v Value) {
	if v == Value(None) {
		j.text("null")
		return
	}
	if j.open[v] || len(j.open) > maxPrintDepth {
		j.text(`{"$cycle": ` + JSONText(v.Type()) + "}")
		return
	}
	j.open[v] = true
	j.container(v)
	delete(j.open, v)
}

func (j *jsonWriter) container(v Value) {
	if items, ok := Sequence(v); ok {
		j.items(items)
		return
	}
	if d, ok := Mapping(v); ok {
		j.dict(d)
		return
	}
	switch v := v.(type) {
	case *Set:
		j.text(`{"$set": `)
		j.items(v.Items())
		j.text("}")
	case *FrozenSet:
		j.text(`{"$frozenset": `)
		j.items(v.Items())
		j.text("}")
	case *Object:
		j.object(v)
	case *Array:
		j.array(v)
	case *Scalar:
		if text, ok := j.numpy(v); ok {
			j.text(text)
			return
		}
		j.text(`{"$repr": ` + JSONText(v.String()) + "}")
	default:
		j.text(`{"$repr": ` + JSONText(Printer{Limit: maxReprInJSON}.Repr(v)) + "}")
	}
}

func (j *jsonWriter) items(items []Value) {
	j.text("[")
	for i, item := range items {
		if i > 0 {
			j.text(", ")
		}
		j.value(item)
	}
	j.text("]")
}

func (j *jsonWriter) dict(d *Dict) {
	for _, p := range d.Pairs() {
		if s, ok := p.Key.(Str); !ok || strings.HasPrefix(string(s), "$") {
			j.text(`{"$dict": [`)
			for i, p := range d.Pairs() {
				if i > 0 {
					j.text(", ")
				}
				j.items([]Value{p.Key, p.Value})
			}
			j.text("]}")
			return
		}
	}
	j.text("{")
	for i, p := range d.Pairs() {
		if i > 0 {
			j.text(", ")
		}
		j.value(p.Key)
		j.text(": ")
		j.value(p.Value)
	}
	j.text("}")
}

func (j *jsonWriter) object(o *Object) {
	j.text(`{"$object": ` + JSONText(o.callee()))
	if o.Args != nil {
		j.text(`, "args": `)
		j.value(o.Args)
	}
	if o.Keywords != nil {
		j.text(`, "keywords": `)
		j.value(o.Keywords)
	}
	if o.Making == Kept {
		j.text(`, "value": `)
		j.value(o.Class)
	}
	for i, step := range o.Steps {
		name := [...]string{"state", "items", "pairs", "members"}[step.Kind]
		if i > 0 && step.Kind == o.Steps[i-1].Kind {
			name = fmt.Sprintf("%s %d", name, i)
		}
		j.text(", " + JSONText(name) + ": ")
		if step.Kind == SetState {
			j.value(step.Values[0])
		} else {
			j.items(step.Values)
		}
	}
	j.text("}")
}

func (j *jsonWriter) array(a *Array) {
	j.text(`{"$array": ` + JSONText(a.DType.Text) + `, "shape": [` + strings.Trim(ShapeText(a.Shape), "(),") + `], "fortran": ` + fmt.Sprint(a.Fortran))
	if a.Objects != nil {
		j.text(`, "items": `)
		j.items(a.Objects)
	} else if text, ok := j.numpy(a); ok {
		j.text(`, "items": ` + text)
	} else {
		j.text(`, "data": "` + base64.StdEncoding.EncodeToString(a.Data) + `"`)
	}
	j.text("}")
}

// numpy is what the hook writes.
func (j *jsonWriter) numpy(v Value) (string, bool) {
	if j.Numpy == nil {
		return "", false
	}
	var text strings.Builder
	err := j.Numpy(&text, v)
	return text.String(), err == nil
}

func (j *jsonWriter) float(f float64) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		j.text(`{"$float": "` + ReprFloat(f) + `"}`)
		return
	}
	j.text(ReprFloat(f))
}

// JSONText is s as a JSON string, with its quotes; what is no UTF-8 are surrogates.
func JSONText(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for s != "" {
		r, size := DecodeRune(s)
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteByte(byte(r))
		case r < ' ' || r >= 0xD800 && r < 0xE000 || r == 0x2028 || r == 0x2029: // the last two end lines in JavaScript
			b.WriteString(jsonEscape(r))
		default:
			b.WriteString(s[:size])
		}
		s = s[size:]
	}
	b.WriteByte('"')
	return b.String()
}

func jsonEscape(r rune) string {
	switch r {
	case '\n':
		return `\n`
	case '\r':
		return `\r`
	case '\t':
		return `\t`
	}
	return fmt.Sprintf(`\u%04x`, r)
}
