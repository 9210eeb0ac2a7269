//go:build !linux

package sampler

import "time"

func sleepUntil(start time.Time, d time.Duration) { time.Sleep(d - time.Since(start)) }
func fineTimers()                                 {}
func threadCPU() time.Duration                    { return 0 }
func firstThread() bool                           { return false }
