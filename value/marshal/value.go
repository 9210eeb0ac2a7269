package marshal

// Value is one of these, and nothing else:
//
//	nil            None
//	bool           bool
//	int64          int of at most 63 bits
//	*big.Int       int, larger
//	float64        float
//	complex128     complex
//	string         str, see the package comment
//	Bytes          bytes
//	Tuple *List *Dict *Set *FrozenSet *Slice
//	Singleton      Ellipsis, StopIteration
//	*Code          a code object: read, never written
//
// What is one object in Python is one here: the same pointer, or for a Tuple
// the same items. So a list may contain itself, and walking a value that came
// from outside needs a bound.
type Value = any

// Bytes is Python's bytes.
type Bytes string

// Tuple is Python's tuple.
type Tuple []Value

// List is Python's list.
type List struct{ Items []Value }

// Set is Python's set, in the order of the data. Items are not compared.
type Set struct{ Items []Value }

// FrozenSet is Python's frozenset, likewise.
type FrozenSet struct{ Items []Value }

// Dict is Python's dict, in the order of the data. Keys are not compared: of
// equal keys Python would keep the last value.
type Dict struct{ Pairs []Pair }

// Pair is a key of a dict and its value.
type Pair struct{ Key, Value Value }

// Get returns the value of a str key.
func (d *Dict) Get(key string) (Value, bool) {
	for i := len(d.Pairs) - 1; i >= 0; i-- {
		if d.Pairs[i].Key == Value(key) {
			return d.Pairs[i].Value, true
		}
	}
	return nil, false
}

// Slice is Python's slice, which version 5 of the format has.
type Slice struct{ Start, Stop, Step Value }

// Singleton is an object of which Python has one only.
type Singleton string

// The singletons that are not Go's nil, true or false.
const (
	TheEllipsis      Singleton = "Ellipsis"
	TheStopIteration Singleton = "StopIteration"
)
