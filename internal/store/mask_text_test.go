package store

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/cantil-py/cantil/internal/testpy"
)

// texts are what dump and a traceback may have to mask.
var texts = []string{
	`password = "hunter2"`, `'password=abc'`, `{'token': 'abc', 'n': 1}`, `{"api_key": b'abc', 'author': 'me'}`,
	`f(x, password='a b', y=2)`, `connect(dsn="postgres://u:p@h/db")`, `url = 'https://me:secret@host/x?a=1'`,
	`Authorization: Bearer abcdefghij.klmn`, `x = 'ghp_abcdefghijklmnopqrstuvwxyz'`, `if token == other:`, `tokenizer: 'gpt2'`,
	`DB_PASSWORD: abc, next: 1`, `nothing to hide`, `secret: [1, 2, 3]`, `key = 5`, `'it''s': "key": 'v'`, `pässwort = 1`, ``,
}

// TestMaskTextIsTheTracebacksRule: what the bootstrap masks in Python, dump masks the same way.
func TestMaskTextIsTheTracebacksRule(t *testing.T) {
	py := testpy.Newest(t)
	folder := filepath.Join(testpy.Root(t), "python", "boot", "py")
	if _, err := os.Stat(filepath.Join(folder, "_cantil_mask.py")); err != nil {
		t.Fatal(err)
	}
	asked, err := json.Marshal(texts)
	if err != nil {
		t.Fatal(err)
	}
	out := testpy.Run(t, py, `import sys, json; sys.dont_write_bytecode = True; sys.path.insert(0, sys.argv[1]); import _cantil_mask as m
print(json.dumps([m.mask(x) for x in json.loads(sys.argv[2])]))`, folder, string(asked))
	var want []string
	if err := json.Unmarshal([]byte(out), &want); err != nil {
		t.Fatal(err)
	}
	for i, text := range texts {
		if got := MaskText(text); got != want[i] {
			t.Errorf("MaskText(%q) = %q, Python says %q", text, got, want[i])
		}
	}
}

// TestMaskCut: the end of a password may be beyond what was read.
func TestMaskCut(t *testing.T) {
	for text, want := range map[string]string{
		"see postgres://me:geh":      "see postgres://me:***",
		"see https://host:8080/path": "see https://host:8080/path",
		"plain":                      "plain",
	} {
		if got := MaskCut(text); got != want {
			t.Errorf("MaskCut(%q) = %q, want %q", text, got, want)
		}
	}
}
