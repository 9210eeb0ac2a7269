// Package npy reads and writes numpy's files of arrays, .npy and .npz, and holds
// arrays of every dtype as Go data.
//
// Call [Load] for an array in memory, [Open] for one that stays in its file, [Save]
// to write one, and [As] for the elements as a Go slice:
//
//	a, err := npy.Load("weights.npy")
//	weights, err := npy.As[float64](a) // in C order, whatever the order in the file
//
// [Of] makes an array of a slice; [Read], [Write], [OpenZip] and [WriteZip] are for
// streams and .npz. Package value/show prints arrays as numpy does.
//
// Nothing is ever executed: arrays of Python objects, and of structures with some, are
// handed, still pickled, to the decoder that the caller gives in [Options], and so written
// by an encoder; without one they are an [ErrObjects].
//
// The format is described in numpy's documentation, numpy.lib.format, versions 1.0
// to 3.0. Where this package speaks of native byte order it means little-endian.
package npy
