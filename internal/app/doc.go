// Package app holds cantil's use cases, one file each: the steps that answer a
// command, free of flags and exit codes.
//
// Profile runs a program and prints where its time went; Stats prints,
// merges and converts profile files; OpenRuns finds the runs that are kept. Each takes a plain struct of options and
// writes only to the writers it is given, so that the command line and the
// browser can share it.
package app
