package value

import (
	"encoding/json"
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
