// Package value holds how Python's values look as Go data and how Python prints them.
//
// Call [ReprStr], [ReprBytes], [ReprFloat] or [ReprInt] for the text that Python's
// repr gives of a str, a bytes, a float or an int:
//
//	value.ReprStr("it's\n") // "it's\n", in double quotes and with the escape
//	value.ReprFloat(1e-5)   // 1e-05
//
// Text is held as Python keeps it, in UTF-8 with one addition: a lone surrogate,
// which a Python str may hold and UTF-8 may not, is its three bytes ED A0..BF 80..BF
// ("surrogatepass", also called WTF-8). A byte that fits neither stands for the
// surrogate U+DC80..DCFF that os.fsdecode makes of it. [DecodeRune] reads such text.
//
// The results are those of CPython 3.13. Older versions differ only in ReprStr, and
// only for characters that their older Unicode tables (9.0 in 3.6 to 15.0 in 3.12)
// have not assigned yet: those they escape and this package does not.
package value
