package call

import (
	"encoding/binary"
	"strings"
	"testing"

	"github.com/cantil-py/cantil/value"
)

func le32(n int) string { return string(binary.LittleEndian.AppendUint32(nil, uint32(n))) }

// hostile is what no Python of ours sends.
var hostile = map[string]string{
	"nothing":                 "",
	"a code":                  "\x01",
	"a reference to nothing":  "r" + le32(0),
	"a long list cut":         "[" + le32(1<<30),
	"a dict cut":              "{N",
	"a list as key":           "{[" + le32(0) + "N0",
	"a list in a set":         "<" + le32(1) + "[" + le32(0),
	"a set in itself":         "\xbc" + le32(1) + "r" + le32(0),
	"lists that claim all":    strings.Repeat("["+le32(4000), 1000) + strings.Repeat("N", 4000),
	"lists too deep":          strings.Repeat("["+le32(1), 3000) + "N",
	"an exception":            "S",
	"bytes for a description": ")\x02s" + le32(1) + "x" + "N",
}

func TestHostileAnswers(t *testing.T) {
	for name, data := range hostile {
		if v, err := decode([]byte(data)); err == nil && name != "bytes for a description" {
			t.Errorf("%s: read as %v", name, v)
		}
		if _, err := readAnswer([]byte(data), "python", "f"); err == nil {
			t.Errorf("%s: taken for an answer", name)
		}
	}
}

// FuzzAnswer: nothing that comes through the pipe makes us panic.
func FuzzAnswer(f *testing.F) {
	for _, data := range hostile {
		f.Add([]byte(data))
	}
	for _, kind := range []string{"value", "raised", "exit", "target", "unsent", "refused", "x"} {
		f.Add([]byte(")\x07z" + string(rune(len(kind))) + kind + "z\x01as" + le32(1) + "FNNN"))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if r, err := readAnswer(data, "python", "f"); err == nil && r.Value != nil {
			_ = value.Printer{Limit: 1 << 10}.Repr(r.Value)
		}
	})
}
