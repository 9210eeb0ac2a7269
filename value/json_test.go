package value

import (
	"encoding/json"
	"io"
	"strings"
	"testing"
)

func TestJSONTextIsReadAsItIs(t *testing.T) {
	for _, s := range []string{"", "a<b>&c", "\"\\/", "\n\r\t\x00\x1f\x7f", "é日\U0001f600", "\u2028", "line\u2029"} {
		var back string
		if err := json.Unmarshal([]byte(JSONText(s)), &back); err != nil || back != s {
			t.Errorf("%q became %s, %q, %v", s, JSONText(s), back, err)
		}
	}
	if got := JSONText("<\xed\xa0\x80\xff"); got != `"<\ud800\udcff"` {
		t.Error(got)
	}
}

func TestJSONOfNumpy(t *testing.T) {
	f4 := &DType{Text: "<f4", Size: 4}
	v := NewList(&Scalar{DType: f4, Data: make([]byte, 4)}, &Array{DType: f4, Shape: []int{1}, Data: make([]byte, 4)})
	hook := func(w io.Writer, v Value) error {
		if _, ok := v.(*Scalar); ok {
			_, err := io.WriteString(w, "1.5")
			return err
		}
		_, err := io.WriteString(w, "[2.5]")
		return err
	}
	for want, numpy := range map[string]func(io.Writer, Value) error{
		`[1.5, {"$array": "<f4", "shape": [1], "fortran": false, "items": [2.5]}]`:                                    hook,
		`[{"$repr": "<numpy scalar of <f4>"}, {"$array": "<f4", "shape": [1], "fortran": false, "data": "AAAAAA=="}]`: nil,
	} {
		var out strings.Builder
		if err := (JSON{Numpy: numpy}).Write(&out, v); err != nil || strings.TrimSpace(out.String()) != want {
			t.Errorf("%s, %v, want %s", out.String(), err, want)
		}
	}
}
