package app

import (
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/cantil-py/cantil/internal/store"
	"github.com/cantil-py/cantil/profile/sampler"
	"github.com/cantil-py/cantil/profile/sampler/cpython"
	"github.com/cantil-py/cantil/value"
)

// maxValueText bounds the text of one value, as a traceback's are.
const maxValueText = 1000

// maskedValue stands for a secret.
const maskedValue = "***"

// variableText is what is shown of a variable: the repr of its value as far as that can
// be told from outside, without secrets.
func variableText(name string, v sampler.Value) string {
	if store.IsSecret(name) {
		return maskedValue
	}
	var w valueWriter
	w.value(v)
	text := store.MaskText(w.String())
	if utf8.RuneCountInString(text) > maxValueText {
		text = string([]rune(text)[:maxValueText-1]) + "…"
	}
	return text
}

// valueWriter writes values as Python's repr does.
type valueWriter struct{ strings.Builder }

func (w *valueWriter) value(v sampler.Value) {
	switch v.Kind {
	case cpython.None:
		w.WriteString("None")
	case cpython.Bool:
		w.bool(v)
	case cpython.Int:
		w.int(v)
	case cpython.Float:
		w.WriteString(value.ReprFloat(v.Float))
	case cpython.Complex:
		w.WriteString(value.ReprComplex(complex(v.Float, v.Imag)))
	case cpython.Str:
		w.str(v)
	case cpython.Bytes:
		w.WriteString(value.ReprBytes([]byte(v.Text)))
		w.more(v.Left)
	case cpython.ByteArray:
		w.WriteString(strings.TrimSuffix((&value.ByteArray{Data: []byte(v.Text)}).String(), ")"))
		w.more(v.Left)
		w.WriteString(")")
	case cpython.Ellipsis:
		w.WriteString("Ellipsis")
	case cpython.Function:
		w.WriteString("<function " + v.Text + ">")
	case cpython.Module:
		w.WriteString("<module " + value.ReprStr(v.Text) + ">")
	case cpython.Class:
		w.WriteString("<class " + value.ReprStr(v.Text) + ">")
	case cpython.Unreadable:
		w.WriteString("<not read>")
	case cpython.List, cpython.Tuple, cpython.Dict, cpython.Set, cpython.FrozenSet, cpython.Exception:
		w.container(v)
	default:
		w.WriteString("<" + v.Type + " object>")
	}
}

// more says how much was left out.
func (w *valueWriter) more(left int) {
	if left > 0 {
		fmt.Fprintf(w, "... %d more", left)
	}
}

func (w *valueWriter) bool(v sampler.Value) {
	if v.Int != nil && v.Int.Sign() != 0 {
		w.WriteString("True")
	} else {
		w.WriteString("False")
	}
}

func (w *valueWriter) int(v sampler.Value) {
	if v.Int == nil {
		fmt.Fprintf(w, "<int of some %d digits>", int(float64(v.Left)*math.Log10(2)))
	} else {
		w.WriteString(v.Int.String())
	}
}

func (w *valueWriter) str(v sampler.Value) {
	text := v.Text
	if v.Left > 0 {
		text = store.MaskCut(text)
	}
	w.WriteString(value.ReprStr(text))
	w.more(v.Left)
}

// container writes what stands around the items, as Python does for each kind.
func (w *valueWriter) container(v sampler.Value) {
	open, end := "[", "]"
	switch v.Kind {
	case cpython.Tuple:
		if open, end = "(", ")"; len(v.Items) == 1 && v.Left == 0 {
			end = ",)"
		}
	case cpython.Dict:
		open, end = "{", "}"
	case cpython.Set:
		if open, end = "{", "}"; len(v.Items) == 0 && v.Left == 0 && !v.Deep {
			open, end = "set(", ")"
		}
	case cpython.FrozenSet:
		if open, end = "frozenset({", "})"; len(v.Items) == 0 && v.Left == 0 && !v.Deep {
			open, end = "frozenset(", ")"
		}
	case cpython.Exception:
		open, end = v.Type[strings.LastIndexByte(v.Type, '.')+1:]+"(", ")"
	}
	w.WriteString(open)
	if v.Deep {
		w.WriteString("...")
	} else {
		w.items(v)
	}
	w.WriteString(end)
}

func (w *valueWriter) items(v sampler.Value) {
	step := 1
	if v.Kind == cpython.Dict {
		step = 2
	}
	for i := 0; i+step <= len(v.Items); i += step {
		if i > 0 {
			w.WriteString(", ")
		}
		w.value(v.Items[i])
		if step == 1 {
			continue
		}
		w.WriteString(": ")
		if key := v.Items[i]; key.Kind == cpython.Str && store.IsSecret(key.Text) {
			w.WriteString(maskedValue)
		} else {
			w.value(v.Items[i+1])
		}
	}
	if v.Left > 0 && len(v.Items) > 0 {
		w.WriteString(", ")
	}
	w.more(v.Left)
}
