package interp_test

import (
	"encoding/json"
	"testing"

	"github.com/cantil-py/cantil/python/interp"
)

func TestVersionAsText(t *testing.T) {
	for text, want := range map[string]interp.Version{
		"3.12.1":    {Major: 3, Minor: 12, Micro: 1},
		"3.14.0rc2": {Major: 3, Minor: 14, Pre: "rc2"},
	} {
		var got interp.Version
		if err := json.Unmarshal([]byte(`"`+text+`"`), &got); err != nil || got != want {
			t.Errorf("%s: got %+v, %v", text, got, err)
		}
		if back, err := json.Marshal(want); err != nil || string(back) != `"`+text+`"` {
			t.Errorf("%+v: got %s, %v", want, back, err)
		}
	}
	for _, bad := range []string{"", "3.12", "3.12.1t", "python3.12.1", "3.12.1.2", "x"} {
		var got interp.Version
		if err := got.UnmarshalText([]byte(bad)); err == nil {
			t.Errorf("%q was read as %+v", bad, got)
		}
	}
}
