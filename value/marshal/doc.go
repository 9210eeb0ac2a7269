// Package marshal reads and writes the format of Python's marshal module,
// versions 0 to 5: what CPython 2 and 3.0 to 3.14 write. Nothing is executed.
//
// Call [Unmarshal] to get a whole value and [Marshal] to write one:
//
//	v, err := marshal.Unmarshal(data)
//	data, err = marshal.Marshal(marshal.Tuple{"a", int64(1)})
//
// For large input use a [Decoder], which gives one value after another and
// builds nothing, and an [Encoder]; [NewWindow] does not even hold the input.
//
// Strings are Go strings in UTF-8; a lone surrogate is kept as its three bytes,
// as Python's error handler "surrogatepass" has it. Code objects are skipped:
// only their name, file and first line are kept, see [Code].
//
// Hostile input costs an error and no more: every length is checked against the
// input that is left before anything is made, nesting is bounded by [MaxDepth],
// and no more is allocated than a small multiple of the input. The format is
// Python's own, described by Python/marshal.c of CPython.
package marshal
