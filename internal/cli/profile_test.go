package cli

import (
	"testing"
	"time"
)

func TestMinutes(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0:                                      "0 mins, 0.0 secs",
		49 * time.Millisecond:                  "0 mins, 0.0 secs",
		150 * time.Millisecond:                 "0 mins, 0.2 secs",
		59960 * time.Millisecond:               "1 mins, 0.0 secs",
		61*time.Minute + 2300*time.Millisecond: "61 mins, 2.3 secs",
	} {
		if got := minutes(d.Seconds()); got != want {
			t.Errorf("minutes(%v) = %q, want %q", d, got, want)
		}
	}
}
