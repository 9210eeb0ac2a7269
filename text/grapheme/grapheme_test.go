package grapheme

import (
	"slices"
	"strings"
	"testing"
)

func TestSplit(t *testing.T) {
	for _, want := range [][]string{
		nil, {"a", "b"}, {"e\u0301", "a"}, {"🇫🇷", "🇩🇪"}, {"👩‍👩‍👧", "!"}, {"\r\n", "x"}, {"각", "a"}, {"\xff", "\xfe", "a"},
	} {
		if got := Split(strings.Join(want, "")); !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
