// Package pickle reads and writes Python's pickles, protocols 0 to 5. Nothing is ever
// imported, called or executed.
//
// Call [Load] for the value in a pickle:
//
//	v, err := pickle.Load(data)
//	fmt.Println(v) // as Python's repr
//
// Every Python object becomes data, see package value: identity, cycles and the order
// of dicts are kept, and what is of no known class is a value.Object, which says what
// its class was called with. A [Decoder] reads one value after another from a stream.
//
// An [Encoder] names nothing but what follows, so that the Python which loads what it has
// written runs nothing else, whatever the value was; classes and functions of other names
// need its Objects set:
//
//	builtins     bytearray bytes complex frozenset range set slice Ellipsis NotImplemented,
//	             and as values bool dict float int list object str tuple
//	collections  Counter OrderedDict defaultdict deque
//	datetime     date datetime time timedelta timezone
//	decimal.Decimal  fractions.Fraction  uuid.UUID  pathlib's four paths
//	numpy        dtype ndarray, of numpy.core.multiarray _reconstruct and scalar, of
//	             numpy.core.numeric _frombuffer
//	_codecs.encode, copyreg._reconstructor of a UUID: in protocols 0 to 2
//
// # Hostile input
//
// It costs an error and no more. Lengths are checked against the data before anything
// is made; a decoder allocates at most [MaxGrowth] times what it has read, and a fixed
// amount. Frames are kept: an opcode or argument that crosses the end of one is an error,
// though many Pythons would run it. An error in a pickle's last byte is an error: there is
// no value before it.
//
// Values may share parts, so that a small pickle can stand for a very large tree: bound
// what walks them, as value.Printer does with its Limit.
package pickle

// MaxGrowth is how many times its input a decoder may allocate, in bytes: a one-byte
// opcode that makes an empty dict and another that sets it aside cost the most.
const MaxGrowth = 256
