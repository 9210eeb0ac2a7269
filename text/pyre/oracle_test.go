package pyre

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/cantil-py/cantil/internal/testpy"
)

// question is a pattern and the texts to search with it.
type question struct {
	pattern  string
	subjects []string
}

// reply is what some Python's re makes of a question.
type reply struct {
	kind  string // "ok", "error" (re.error), "other" (another exception), "slow" or "defect" (of re)
	found string // of "ok": a 0 or 1 for each subject
	pos   int    // of "error": -1 for none
	msg   string // of "error"; the exception of "other"
}

// wtf8 encodes runes as Python's "surrogatepass" does.
func wtf8(runes []rune) string {
	var b strings.Builder
	for _, r := range runes {
		if r >= 0xD800 && r <= 0xDFFF {
			b.Write([]byte{0xED, byte(0x80 | r>>6&0x3F), byte(0x80 | r&0x3F)})
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// ask puts all questions to one Python.
func ask(t *testing.T, py testpy.Python, questions []question) []reply {
	t.Helper()
	var b strings.Builder
	for _, q := range questions {
		fmt.Fprintf(&b, "%x", q.pattern)
		for _, s := range q.subjects {
			fmt.Fprintf(&b, " %x", s)
		}
		b.WriteByte('\n')
	}
	path := filepath.Join(t.TempDir(), "questions")
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	code, err := os.ReadFile("testdata/oracle.py")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(testpy.Run(t, py, string(code), path), "\n"), "\n")
	if len(lines) != len(questions) {
		t.Fatalf("Python %s answered %d of %d questions", py.Version, len(lines), len(questions))
	}
	replies := make([]reply, len(lines))
	for i, line := range lines {
		replies[i] = parseReply(t, line)
	}
	return replies
}

func parseReply(t *testing.T, line string) reply {
	t.Helper()
	kind, rest, _ := strings.Cut(line, " ")
	r := reply{kind: kind, pos: -1}
	switch kind {
	case "ok":
		r.found = rest
	case "error":
		pos, msg, _ := strings.Cut(rest, " ")
		if n, err := strconv.Atoi(pos); err == nil {
			r.pos = n
		}
		r.msg = msg
	case "other":
		r.msg = rest
	case "slow", "defect":
	default:
		t.Fatalf("not an answer: %q", line)
	}
	return r
}
