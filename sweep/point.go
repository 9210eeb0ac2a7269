package sweep

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

const (
	// MostPoints bounds a sweep: each point is a folder on the disk.
	MostPoints = 100_000
	// idLength is in hexadecimal digits: two of 100,000 points have the same id once in 50,000 sweeps, and that is found.
	idLength = 12
)

// Value is what a parameter is set to: one text, or several where the parameter takes several. A flag has "true" or "false".
type Value []string

// String is the value for people: "20,20".
func (v Value) String() string { return strings.Join(v, ",") }

// MarshalJSON writes one text as such, and several as a list.
func (v Value) MarshalJSON() ([]byte, error) {
	var one any = []string(v)
	if len(v) == 1 {
		one = v[0]
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(one)
	return text.Bytes(), err
}

// UnmarshalJSON reads a text, a number, true or false, or a list of them.
func (v *Value) UnmarshalJSON(data []byte) error {
	var any any
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	if err := decoder.Decode(&any); err != nil {
		return err
	}
	read, err := valueOf(any)
	*v = read
	return err
}

// Settings are the values of parameters by their names.
type Settings map[string]Value

// Point is one combination of values.
type Point struct {
	Settings Settings `json:"settings"`
	Repeat   int      `json:"repeat"` // from 1: how many times the same values came before, and this one
}

// ID tells the point from all others, by its content. It is the same in every sweep.
func (p Point) ID() string {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)   // what others would write, too
	_ = encoder.Encode(p.Settings) // maps of texts always have a form in JSON; its keys are sorted, and a line feed ends it
	sum := sha256.Sum256(strconv.AppendInt(text.Bytes(), int64(p.Repeat), 10))
	return hex.EncodeToString(sum[:])[:idLength]
}

// Text is the point for people, with the parameters in the order of names: "epochs=3 lr=0.1".
func (p Point) Text(names []string) string {
	var words []string
	for _, name := range names {
		if v, ok := p.Settings[name]; ok {
			words = append(words, name+"="+v.String())
		}
	}
	if p.Repeat > 1 {
		words = append(words, fmt.Sprintf("(repeat %d)", p.Repeat))
	}
	return strings.Join(words, " ")
}
