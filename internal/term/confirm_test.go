package term_test

import (
	"errors"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/cantil-py/cantil/internal/term"
)

func TestConfirm(t *testing.T) {
	for answer, want := range map[string]bool{
		"y\n": true, "YES\r\n": true, " yes \n": true, "y": true,
		"\n": false, "": false, "n\n": false, "yy\n": false, "\ny\n": false, strings.Repeat("y", 5000): false,
	} {
		var out strings.Builder
		got, err := term.Confirm(strings.NewReader(answer), &out, "Remove it?")
		if got != want || err != nil || !strings.HasPrefix(out.String(), "Remove it? [y/N] ") {
			t.Errorf("%.20q: %v, %v, asked %q", answer, got, err, out.String())
		}
	}
	broken := errors.New("broken")
	if got, err := term.Confirm(iotest.ErrReader(broken), &strings.Builder{}, "?"); got || !errors.Is(err, broken) {
		t.Errorf("%v, %v", got, err)
	}
}
