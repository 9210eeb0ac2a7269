package flame

import "encoding/binary"

// column is a list of whole numbers, each a varint: seven bits a byte, the lowest first.
// encoding/json writes it as base64; assets/js/columns.js reads it.
type column []byte

// add appends a number that is not negative.
func (c *column) add(n int64) { *c = binary.AppendUvarint(*c, uint64(max(n, 0))) }

// addSigned appends any number, its sign in the lowest bit.
func (c *column) addSigned(n int64) { *c = binary.AppendVarint(*c, n) }

// names numbers texts, each once.
type names struct {
	list  []string
	known map[string]int
}

const (
	// maxName is how much of a name is kept: more than anyone reads, and a page of a million names stays a page.
	maxName = 2048
	// ellipsis ends a name that was cut.
	ellipsis = "…"
)

// number is the place of a text in the list.
func (n *names) number(text string) int64 {
	if len(text) > maxName {
		text = text[:maxName] + ellipsis // half a character at the cut becomes U+FFFD when it is written
	}
	at, ok := n.known[text]
	if !ok {
		if n.known == nil {
			n.known = map[string]int{}
		}
		at = len(n.list)
		n.known[text] = at
		n.list = append(n.list, text)
	}
	return int64(at)
}
