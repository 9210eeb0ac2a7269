// Package browser is the interactive browser of profile files, as "python -m pstats" is.
//
// Call [Run] with something that reads lines, [Lines] for a pipe or a file:
//
//	err := browser.Run(browser.Lines(os.Stdin, os.Stdout), os.Stdout, "a.prof")
//
// What it writes is byte for byte what "python -m pstats a.prof" of CPython 3.8 to 3.13
// writes for the same lines (3.6 and 3.7 differ in one word of a help text), but where
// Python itself ends with a traceback or says little: a file that is no profile is then
// one line that names it and what is wrong, a listing that cannot be made is one line
// too, and the session goes on.
//
// [Complete] gives the completions of a line, for readers on a terminal.
package browser
