package pickle

// The opcodes, all 68 of protocols 0 to 5, in the order of Python's pickletools.
const (
	opInt             = 'I'
	opBinint          = 'J'
	opBinint1         = 'K'
	opBinint2         = 'M'
	opLong            = 'L'
	opLong1           = 0x8A
	opLong4           = 0x8B
	opString          = 'S'
	opBinstring       = 'T'
	opShortBinstring  = 'U'
	opBinbytes        = 'B'
	opShortBinbytes   = 'C'
	opBinbytes8       = 0x8E
	opBytearray8      = 0x96
	opNextBuffer      = 0x97
	opReadonlyBuffer  = 0x98
	opNone            = 'N'
	opNewtrue         = 0x88
	opNewfalse        = 0x89
	opUnicode         = 'V'
	opShortBinunicode = 0x8C
	opBinunicode      = 'X'
	opBinunicode8     = 0x8D
	opFloat           = 'F'
	opBinfloat        = 'G'
	opEmptyList       = ']'
	opAppend          = 'a'
	opAppends         = 'e'
	opList            = 'l'
	opEmptyTuple      = ')'
	opTuple           = 't'
	opTuple1          = 0x85
	opTuple2          = 0x86
	opTuple3          = 0x87
	opEmptyDict       = '}'
	opDict            = 'd'
	opSetitem         = 's'
	opSetitems        = 'u'
	opEmptySet        = 0x8F
	opAdditems        = 0x90
	opFrozenset       = 0x91
	opPop             = '0'
	opDup             = '2'
	opMark            = '('
	opPopMark         = '1'
	opGet             = 'g'
	opBinget          = 'h'
	opLongBinget      = 'j'
	opPut             = 'p'
	opBinput          = 'q'
	opLongBinput      = 'r'
	opMemoize         = 0x94
	opExt1            = 0x82
	opExt2            = 0x83
	opExt4            = 0x84
	opGlobal          = 'c'
	opStackGlobal     = 0x93
	opReduce          = 'R'
	opBuild           = 'b'
	opInst            = 'i'
	opObj             = 'o'
	opNewobj          = 0x81
	opNewobjEx        = 0x92
	opProto           = 0x80
	opStop            = '.'
	opFrame           = 0x95
	opPersid          = 'P'
	opBinpersid       = 'Q'
)

// argument is how what follows an opcode is laid out.
type argument uint8

const (
	argNone argument = iota
	argUint1
	argUint2
	argInt4
	argUint4
	argUint8
	argDecimal     // a line: an int, or 00 and 01 for False and True
	argDecimalLong // a line: an int that may end in L
	argLong1       // a length of 1 byte, then that many of an int, lowest first
	argLong4
	argQuoted // a line: text between quotes, with escapes
	argText1  // a length, then bytes that Python 2 had for text
	argText4
	argBytes1
	argBytes4
	argBytes8
	argByteArray8
	argUnicodeLine // a line, with \\u escapes
	argUnicode1    // a length, then UTF-8
	argUnicode4
	argUnicode8
	argFloatLine
	argFloat // 8 bytes, highest first
	argLine
	argTwoLines
)

// pushesMark stands for the count of what MARK pushes.
const pushesMark = -1

// info is what is known of an opcode.
type info struct {
	name   string
	arg    argument
	pops   int  // from the stack, or from under the mark
	toMark bool // pops the topmost mark and all above it
	pushes int
	proto  int    // the first protocol that has it
	doc    string // as pickletools -a says it
}

// opcodes is indexed by the code; what has no name is no opcode.
var opcodes = [256]info{
	opInt:             {"INT", argDecimal, 0, false, 1, 0, "Push an integer or bool."},
	opBinint:          {"BININT", argInt4, 0, false, 1, 1, "Push a four-byte signed integer."},
	opBinint1:         {"BININT1", argUint1, 0, false, 1, 1, "Push a one-byte unsigned integer."},
	opBinint2:         {"BININT2", argUint2, 0, false, 1, 1, "Push a two-byte unsigned integer."},
	opLong:            {"LONG", argDecimalLong, 0, false, 1, 0, "Push a long integer."},
	opLong1:           {"LONG1", argLong1, 0, false, 1, 2, "Long integer using one-byte length."},
	opLong4:           {"LONG4", argLong4, 0, false, 1, 2, "Long integer using four-byte length."},
	opString:          {"STRING", argQuoted, 0, false, 1, 0, "Push a Python string object."},
	opBinstring:       {"BINSTRING", argText4, 0, false, 1, 1, "Push a Python string object."},
	opShortBinstring:  {"SHORT_BINSTRING", argText1, 0, false, 1, 1, "Push a Python string object."},
	opBinbytes:        {"BINBYTES", argBytes4, 0, false, 1, 3, "Push a Python bytes object."},
	opShortBinbytes:   {"SHORT_BINBYTES", argBytes1, 0, false, 1, 3, "Push a Python bytes object."},
	opBinbytes8:       {"BINBYTES8", argBytes8, 0, false, 1, 4, "Push a Python bytes object."},
	opBytearray8:      {"BYTEARRAY8", argByteArray8, 0, false, 1, 5, "Push a Python bytearray object."},
	opNextBuffer:      {"NEXT_BUFFER", argNone, 0, false, 1, 5, "Push an out-of-band buffer object."},
	opReadonlyBuffer:  {"READONLY_BUFFER", argNone, 1, false, 1, 5, "Make an out-of-band buffer object read-only."},
	opNone:            {"NONE", argNone, 0, false, 1, 0, "Push None on the stack."},
	opNewtrue:         {"NEWTRUE", argNone, 0, false, 1, 2, "Push True onto the stack."},
	opNewfalse:        {"NEWFALSE", argNone, 0, false, 1, 2, "Push False onto the stack."},
	opUnicode:         {"UNICODE", argUnicodeLine, 0, false, 1, 0, "Push a Python Unicode string object."},
	opShortBinunicode: {"SHORT_BINUNICODE", argUnicode1, 0, false, 1, 4, "Push a Python Unicode string object."},
	opBinunicode:      {"BINUNICODE", argUnicode4, 0, false, 1, 1, "Push a Python Unicode string object."},
	opBinunicode8:     {"BINUNICODE8", argUnicode8, 0, false, 1, 4, "Push a Python Unicode string object."},
	opFloat:           {"FLOAT", argFloatLine, 0, false, 1, 0, "Newline-terminated decimal float literal."},
	opBinfloat:        {"BINFLOAT", argFloat, 0, false, 1, 1, "Float stored in binary form, with 8 bytes of data."},
	opEmptyList:       {"EMPTY_LIST", argNone, 0, false, 1, 1, "Push an empty list."},
	opAppend:          {"APPEND", argNone, 2, false, 1, 0, "Append an object to a list."},
	opAppends:         {"APPENDS", argNone, 1, true, 1, 1, "Extend a list by a slice of stack objects."},
	opList:            {"LIST", argNone, 0, true, 1, 0, "Build a list out of the topmost stack slice, after markobject."},
	opEmptyTuple:      {"EMPTY_TUPLE", argNone, 0, false, 1, 1, "Push an empty tuple."},
	opTuple:           {"TUPLE", argNone, 0, true, 1, 0, "Build a tuple out of the topmost stack slice, after markobject."},
	opTuple1:          {"TUPLE1", argNone, 1, false, 1, 2, "Build a one-tuple out of the topmost item on the stack."},
	opTuple2:          {"TUPLE2", argNone, 2, false, 1, 2, "Build a two-tuple out of the top two items on the stack."},
	opTuple3:          {"TUPLE3", argNone, 3, false, 1, 2, "Build a three-tuple out of the top three items on the stack."},
	opEmptyDict:       {"EMPTY_DICT", argNone, 0, false, 1, 1, "Push an empty dict."},
	opDict:            {"DICT", argNone, 0, true, 1, 0, "Build a dict out of the topmost stack slice, after markobject."},
	opSetitem:         {"SETITEM", argNone, 3, false, 1, 0, "Add a key+value pair to an existing dict."},
	opSetitems:        {"SETITEMS", argNone, 1, true, 1, 1, "Add an arbitrary number of key+value pairs to an existing dict."},
	opEmptySet:        {"EMPTY_SET", argNone, 0, false, 1, 4, "Push an empty set."},
	opAdditems:        {"ADDITEMS", argNone, 1, true, 1, 4, "Add an arbitrary number of items to an existing set."},
	opFrozenset:       {"FROZENSET", argNone, 0, true, 1, 4, "Build a frozenset out of the topmost slice, after markobject."},
	opPop:             {"POP", argNone, 1, false, 0, 0, "Discard the top stack item, shrinking the stack by one item."},
	opDup:             {"DUP", argNone, 1, false, 2, 0, "Push the top stack item onto the stack again, duplicating it."},
	opMark:            {"MARK", argNone, 0, false, pushesMark, 0, "Push markobject onto the stack."},
	opPopMark:         {"POP_MARK", argNone, 0, true, 0, 1, "Pop all the stack objects at and above the topmost markobject."},
	opGet:             {"GET", argDecimal, 0, false, 1, 0, "Read an object from the memo and push it on the stack."},
	opBinget:          {"BINGET", argUint1, 0, false, 1, 1, "Read an object from the memo and push it on the stack."},
	opLongBinget:      {"LONG_BINGET", argUint4, 0, false, 1, 1, "Read an object from the memo and push it on the stack."},
	opPut:             {"PUT", argDecimal, 0, false, 0, 0, "Store the stack top into the memo.  The stack is not popped."},
	opBinput:          {"BINPUT", argUint1, 0, false, 0, 1, "Store the stack top into the memo.  The stack is not popped."},
	opLongBinput:      {"LONG_BINPUT", argUint4, 0, false, 0, 1, "Store the stack top into the memo.  The stack is not popped."},
	opMemoize:         {"MEMOIZE", argNone, 1, false, 1, 4, "Store the stack top into the memo.  The stack is not popped."},
	opExt1:            {"EXT1", argUint1, 0, false, 1, 2, "Extension code."},
	opExt2:            {"EXT2", argUint2, 0, false, 1, 2, "Extension code."},
	opExt4:            {"EXT4", argInt4, 0, false, 1, 2, "Extension code."},
	opGlobal:          {"GLOBAL", argTwoLines, 0, false, 1, 0, "Push a global object (module.attr) on the stack."},
	opStackGlobal:     {"STACK_GLOBAL", argNone, 2, false, 1, 4, "Push a global object (module.attr) on the stack."},
	opReduce:          {"REDUCE", argNone, 2, false, 1, 0, "Push an object built from a callable and an argument tuple."},
	opBuild:           {"BUILD", argNone, 2, false, 1, 0, "Finish building an object, via __setstate__ or dict update."},
	opInst:            {"INST", argTwoLines, 0, true, 1, 0, "Build a class instance."},
	opObj:             {"OBJ", argNone, 0, true, 1, 1, "Build a class instance."},
	opNewobj:          {"NEWOBJ", argNone, 2, false, 1, 2, "Build an object instance."},
	opNewobjEx:        {"NEWOBJ_EX", argNone, 3, false, 1, 4, "Build an object instance."},
	opProto:           {"PROTO", argUint1, 0, false, 0, 2, "Protocol version indicator."},
	opStop:            {"STOP", argNone, 1, false, 0, 0, "Stop the unpickling machine."},
	opFrame:           {"FRAME", argUint8, 0, false, 0, 4, "Indicate the beginning of a new frame."},
	opPersid:          {"PERSID", argLine, 0, false, 1, 0, "Push an object identified by a persistent ID."},
	opBinpersid:       {"BINPERSID", argNone, 1, false, 1, 1, "Push an object identified by a persistent ID."},
}
