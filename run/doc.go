// Package run starts a program under a shim and says what became of it, whatever happens to
// either, or to us.
//
// Call [Shim] first of all in main, then [Start] and [Process.Wait]; between them
// [Process.Show] shows the output as it comes and passes on keys and signals. [Follow] shows the
// output of a run that another process started, and [Stop] ends it.
//
// The shim is our own executable started again: a process that outlives us, keeps the program's output,
// its times and its end in a folder, bounds its time, and can end all processes
// that come of it. docs/design/run.md says how; docs/formats/run-folder.md and
// docs/formats/output-idx.md describe what it writes.
package run
