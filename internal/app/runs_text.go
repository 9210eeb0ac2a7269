package app

import (
	"fmt"
	"math"
	"strconv"
)

// StatusText says in words what became of the run.
func StatusText(d *RunDetails) string {
	text := d.Status
	if d.HasEnded() {
		text += fmt.Sprintf(", code %d", d.Code)
	}
	if d.Signal != "" {
		text += ", " + d.Signal
	}
	o := d.Outcome
	switch {
	case d.Status == "lost":
		return text + ": what kept it is gone, and did not tell the end"
	case d.Status == "elsewhere":
		return text + ": started on " + d.Host + ", and not ended as far as its folder says"
	case o == nil:
		return text
	case o.Error != "":
		text += ": " + o.Error
	case o.Killed:
		text += "; processes that did not end by themselves were killed"
	}
	if o.FullDisk != "" {
		text += "; " + o.FullDisk
	}
	if n := len(o.LeftRunning); n > 0 {
		text += fmt.Sprintf("; %d processes were left running", n)
	}
	return text
}

// TimeText is how long a run took, in some six letters: 0.25s, 12.3s, 1m30s, 2h05m.
func TimeText(seconds float64) string {
	switch total := int64(math.Round(seconds)); {
	case seconds < 0.995:
		return strconv.FormatFloat(seconds, 'f', 2, 64) + "s"
	case seconds < 59.95:
		return strconv.FormatFloat(seconds, 'f', 1, 64) + "s"
	case total < 3600:
		return fmt.Sprintf("%dm%02ds", total/60, total%60)
	default:
		return fmt.Sprintf("%dh%02dm", total/3600, total/60%60)
	}
}

// SizeText is a size as people read it: 12 B, 1.5 KiB, 3.0 GiB.
func SizeText(n int64) string {
	if n < 1024 {
		return fmt.Sprintf("%d B", n)
	}
	size := float64(n)
	for _, unit := range []string{"KiB", "MiB", "GiB"} {
		if size /= 1024; size < 1024 {
			return fmt.Sprintf("%.1f %s", size, unit)
		}
	}
	return fmt.Sprintf("%.1f TiB", size/1024)
}
