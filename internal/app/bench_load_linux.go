package app

import (
	"os"
	"runtime"
	"strconv"
	"strings"
)

// machineLoad is how many processes wanted to run in the last minute, on average, and the number of processors; 0 where
// it is not told.
func machineLoad() (load float64, cpus int) {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return 0, 0
	}
	first, _, _ := strings.Cut(string(text), " ")
	load, _ = strconv.ParseFloat(first, 64)
	return load, runtime.NumCPU()
}
