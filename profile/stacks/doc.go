// Package stacks is the model of a sampled profile: which stacks were seen, when, of
// which thread, and what that thread was doing.
//
// Fill a [Recorder], or [Read] a file; then call [Profile.Rows] for the share of each
// function with its interval, [Profile.Tree] and [Tree.HeaviestPath] for where the time
// goes, [Profile.Focus], [Profile.Ignore] and [Profile.Filter] for a part of it, [Merge]
// for several in one, and [Profile.Write] to keep it.
//
// Files are profile.proto, compressed with gzip, that go tool pprof opens; what that
// format has no field for stands in comments of it. docs/formats/samples.md has them
// all. What is read from a file is bounded, and never a panic.
//
// A [Profile] does not change once it was made: the functions return new ones.
package stacks
