// Package diff compares profiles: which functions changed, by how much, and whether it is noise.
//
// Call [Compare] with the profiles of before and those of after, one or many of each; [FromStats] makes such a profile of one of
// package pstats. The [Diff] has the whole first, then a [Row] for each function of either side, matched although lines and
// addresses moved, with the callers of each. With enough profiles on each side every row has an interval and a verdict, which
// hold together: docs/design/diff.md tells how. With one on each side there are figures and exact counts of calls only.
//
// Times are seconds. Nothing here depends on which profiler wrote a profile, but on its [Kind].
package diff
