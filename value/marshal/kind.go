package marshal

// Kind says what a [Decoder] has just read.
type Kind uint8

// The kinds. KindInvalid ends the reading: [Decoder.Err] has the cause.
// KindNull is no value: it ends the pairs of a dict.
// KindRef is a reference to a container read earlier (see [Decoder.Replay]);
// references to other values are followed by the decoder itself.
const (
	KindInvalid Kind = iota
	KindNull
	KindNone
	KindBool
	KindStopIteration
	KindEllipsis
	KindInt
	KindBigInt
	KindFloat
	KindComplex
	KindString
	KindBytes
	KindTuple
	KindList
	KindDict
	KindSet
	KindFrozenSet
	KindSlice
	KindCode
	KindRef
)

var kindNames = [...]string{
	KindInvalid: "nothing", KindNull: "the end of a dict", KindNone: "None", KindBool: "a bool",
	KindStopIteration: "StopIteration", KindEllipsis: "Ellipsis", KindInt: "an int", KindBigInt: "a large int",
	KindFloat: "a float", KindComplex: "a complex number", KindString: "a str", KindBytes: "bytes",
	KindTuple: "a tuple", KindList: "a list", KindDict: "a dict", KindSet: "a set",
	KindFrozenSet: "a frozenset", KindSlice: "a slice", KindCode: "a code object",
	KindRef: "a reference",
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
