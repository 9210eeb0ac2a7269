package marshal

// Kind says what a [Decoder] has just read.
type Kind uint8

// The kinds. Invalid ends the reading: [Decoder.Err] has the cause.
// Null is no value: it ends the pairs of a dict.
// Ref is a reference to a container read earlier (see [Decoder.Replay]);
// references to other values are followed by the decoder itself.
const (
	Invalid Kind = iota
	Null
	None
	Bool
	StopIteration
	Ellipsis
	Int
	BigInt
	Float
	Complex
	String
	Bytes
	TupleOf
	ListOf
	DictOf
	SetOf
	FrozenSetOf
	SliceOf
	CodeObject
	Ref
)

var kindNames = [...]string{
	Invalid: "nothing", Null: "the end of a dict", None: "None", Bool: "a bool",
	StopIteration: "StopIteration", Ellipsis: "Ellipsis", Int: "an int", BigInt: "a large int",
	Float: "a float", Complex: "a complex number", String: "a str", Bytes: "bytes",
	TupleOf: "a tuple", ListOf: "a list", DictOf: "a dict", SetOf: "a set",
	FrozenSetOf: "a frozenset", SliceOf: "a slice", CodeObject: "a code object",
	Ref: "a reference",
}

// String names the kind as an error message would: "a tuple".
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "an unknown kind"
}

// The type codes of the format.
const (
	codeNull          = '0'
	codeNone          = 'N'
	codeFalse         = 'F'
	codeTrue          = 'T'
	codeStopIteration = 'S'
	codeEllipsis      = '.'
	codeInt           = 'i'
	codeInt64         = 'I' // Python 2 on 64 bits
	codeLong          = 'l'
	codeFloat         = 'f' // as text, versions 0 and 1
	codeBinaryFloat   = 'g'
	codeComplex       = 'x' // as text, versions 0 and 1
	codeBinaryComplex = 'y'
	codeBytes         = 's' // str of Python 2
	codeInterned      = 't'
	codeStringRef     = 'R' // to an interned string, Python 2
	codeUnicode       = 'u'
	codeASCII         = 'a'
	codeASCIIInterned = 'A'
	codeShort         = 'z' // ASCII, length in one byte
	codeShortInterned = 'Z'
	codeTuple         = '('
	codeSmallTuple    = ')'
	codeList          = '['
	codeDict          = '{'
	codeSet           = '<'
	codeFrozenSet     = '>'
	codeSlice         = ':' // version 5
	codeCode          = 'c'
	codeRef           = 'r'

	flagRef = 0x80 // the value gets the next number in the table of references
)
