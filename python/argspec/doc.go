// Package argspec reads the command line that a Python program declares, with argparse, click or typer, and says what
// the program would say of arguments.
//
// Call [Read] for the [Spec] of a program, or [Cache.Read], which runs Python only when the program has changed. Then
// [Spec.Check] answers for arguments at once, or returns [ErrAskPython]; [DryParse] asks the program's own parser.
// [Check] does the one or the other.
//
// The programs are started by package run, so the main of a program that reads them begins with run.Shim.
//
// A program is started and stopped where it would parse: what follows never runs. What stands before does, as for --help.
package argspec
