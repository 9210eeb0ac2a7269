// Package parts reads what the profiled processes of a run leave behind: one
// profile for each thread of each process, before they are merged.
//
// Call [Read] with the run's parts folder, then [Thread.Stats] for the profile of
// a thread. Figures are exact counts and seconds. What the bootstrap inside Python
// did itself is taken out here, and calls that were still open when a process was
// killed are added, with their time up to the last snapshot; [Thread.Open] has them.
//
// docs/formats/parts.md describes the files.
package parts
