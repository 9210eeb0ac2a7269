//go:build !linux && !darwin && !windows

package store

// bootID and processStart are not known here; "" is left out of run.json.
func bootID() string { return "" }

func processStart(int) string { return "" }

// processRuns cannot be told here: a run without a record of its end counts as lost.
func processRuns(int, string) bool { return false }

// networkDisk is not known here.
func networkDisk(string) string { return "" }
