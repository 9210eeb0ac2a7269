// Package value holds Python's values as Go data, and prints them as Python does.
//
// A [Value] is what package value/pickle decodes; its String method is Python's repr:
//
//	v := value.NewList(value.Int(1), value.Str("it's"), value.None)
//	fmt.Println(v) // [1, "it's", None]
//
// Values are inert: an [Object] says what its class was called with, and nothing is ever
// called. [Dict] and [Set] compare keys as Python does. [Repr] and [Printer] print values
// with cycles in them and values without end, [Pretty] prints them over several lines as
// pprint does, [Outline] their structure alone, and [WriteJSON] writes JSON. [At] follows
// a path into a value.
//
// Call [ReprStr], [ReprBytes], [ReprFloat] or [ReprInt] for the text that Python's repr
// gives of a str, a bytes, a float or an int that Go holds.
//
// Text is held as Python keeps it, in UTF-8 with one addition: a lone surrogate,
// which a Python str may hold and UTF-8 may not, is its three bytes ED A0..BF 80..BF
// ("surrogatepass", also called WTF-8). A byte that fits neither stands for the
// surrogate U+DC80..DCFF that os.fsdecode makes of it. [DecodeRune] reads such text.
//
// The results are those of CPython 3.13. Of what is here older versions print a few
// things otherwise: OrderedDict (before 3.12), timedelta (3.6), and in a str the
// characters that their older Unicode tables (9.0 in 3.6 to 15.0 in 3.12) have not
// assigned yet, which they escape.
package value
