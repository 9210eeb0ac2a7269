// Package scan says whether it is safe to let Python load a pickle.
//
// Call [File] for a file of any kind that may hold pickles, or [Pickles] for a stream:
//
//	report, err := scan.File("model.pt", scan.Options{})
//	fmt.Println(report.Verdict) // data, known, unknown, dangerous, malformed
//
// Nothing is executed. The pickle machine is simulated as a whole, stack, marks and memo,
// so that every class and function that Python would import, call or change is seen with
// its real name and arguments. What is allowed is a list; all else is not:
//
//	data       nothing is imported at all
//	known      only calls whose effect is known and harmless, with arguments as a pickler writes them
//	unknown    other classes or functions: whoever loads the file has to trust them
//	dangerous  what runs commands or code, or a known name used in another way
//	malformed  what cannot be read to its end, or is written so that readers differ about it
//
// The worst counts. What cannot be looked into is malformed, never clean.
package scan
