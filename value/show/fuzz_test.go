package show

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/cantil-py/cantil/value/npy"
)

// FuzzShow: whatever a file holds, and whatever the options, there is a text or an
// error, and the JSON is JSON.
func FuzzShow(f *testing.F) {
	for _, descr := range []string{"'<f8'", "'<f2'", "'>f16'", "'<c32'", "'<i2'", "'>M8[25s]'", "'<m8'", "'<U2'", "'|S3'", "'|V2'", "'?'", "[('a', '<i4'), ('b', '<f4', (2, 2))]"} {
		var file bytes.Buffer
		head := "{'descr': " + descr + ", 'fortran_order': True, 'shape': (1, 2), }\n"
		file.WriteString("\x93NUMPY\x01\x00" + string(rune(len(head))) + "\x00" + head + strings.Repeat("\x01\x42", 64))
		f.Add(file.Bytes(), 8, 1000, 3, 75, byte(0))
	}
	f.Fuzz(func(t *testing.T, file []byte, precision, threshold, edge, width int, more byte) {
		a, err := npy.Read(bytes.NewReader(file))
		if err != nil || a.Len() > 1000 {
			return
		}
		o := Defaults()
		o.Precision, o.Threshold, o.EdgeItems, o.LineWidth = precision%50, threshold, edge, width
		o.Suppress, o.Sign = more&1 > 0, "-+  "[more>>1&3]
		o.FloatMode = []FloatMode{Fixed, Unique, MaxPrec, MaxPrecEqual}[more>>3&3]
		o.NumPy = []NumPy{NumPy1, NumPy20, NumPy22, NumPy23}[more>>5&3]
		if modes := legacyModes(); precision < 0 && modes[-(precision+1)%len(modes)].mode.within(o.NumPy) {
			o.Legacy, o.Precision = modes[-(precision+1)%len(modes)].mode, 8
		}
		for _, print := range []func(*npy.Array, Options) (string, error){Str, Repr} {
			if text, err := print(a, o); err == nil && text == "" && a.DType.Kind != npy.Str {
				t.Errorf("%v of shape %v prints nothing", a.DType, a.Shape)
			}
		}
		if a.Len() == 1 {
			_, _ = ScalarRepr(a, o)
		}
		var text bytes.Buffer
		if err := WriteJSON(&text, a); err != nil {
			return
		}
		if !json.Valid(text.Bytes()) {
			t.Errorf("%v of shape %v: no JSON: %.200q", a.DType, a.Shape, text.Bytes())
		}
	})
}
