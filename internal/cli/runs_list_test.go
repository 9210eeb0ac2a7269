package cli

import (
	"bufio"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/cantil-py/cantil/internal/app"
	"github.com/cantil-py/cantil/internal/term"
)

func TestRunTime(t *testing.T) {
	for seconds, want := range map[float64]string{
		0: "0.00s", 0.049: "0.05s", 1: "1.0s", 59.94: "59.9s", 59.95: "1m00s", 60: "1m00s", 3599.4: "59m59s", 3599.9: "1h00m", 3600: "1h00m", 90061: "25h01m",
	} {
		if got := runTime(seconds); got != want {
			t.Errorf("%g s is told as %s, want %s", seconds, got, want)
		}
	}
}

func TestByteCount(t *testing.T) {
	for n, want := range map[int64]string{
		0: "0 B", 1023: "1023 B", 1024: "1.0 KiB", 1536: "1.5 KiB", 5 << 20: "5.0 MiB", 3 << 30: "3.0 GiB", 1 << 50: "1024.0 TiB",
	} {
		if got := byteCount(n); got != want {
			t.Errorf("%d bytes are told as %s, want %s", n, got, want)
		}
	}
}

func TestParseMoment(t *testing.T) {
	now := time.Date(2026, 3, 15, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]string{
		"30d": "2026-02-13T12:00:00Z", "2w": "2026-03-01T12:00:00Z", "90s": "2026-03-15T11:58:30Z", "1h30m": "2026-03-15T10:30:00Z", "60": "2026-03-15T11:59:00Z",
		"2026-01-02": "2026-01-02T00:00:00Z", "2026-01-02 03:04": "2026-01-02T03:04:00Z", "2026-01-02_03-04-05": "2026-01-02T03:04:05Z", "2026-01-02T03:04:05+01:00": "2026-01-02T03:04:05+01:00",
	} {
		if got, err := parseMoment(text, now); err != nil || got.Format(time.RFC3339) != want {
			t.Errorf("%s is %s, %v, want %s", text, got.Format(time.RFC3339), err, want)
		}
	}
	for _, bad := range []string{"", "d", "-1d", "1x", "yesterday", "99999999999d", "1.5d", "2026-13-01"} {
		if got, err := parseMoment(bad, now); err == nil {
			t.Errorf("%q is %s", bad, got)
		}
	}
}

// TestWriteRunsIsHarmless: a folder may have been given any name, and a tag be written by hand.
func TestWriteRunsIsHarmless(t *testing.T) {
	var text strings.Builder
	out := bufio.NewWriter(&text)
	writeRuns(out, term.Style{}, []app.RunEntry{{ID: "x\x1b[31m", Name: "x\x1b[31m\n", Tags: []string{"\x1b]0;y\a"}, Status: "lost"}})
	out.Flush()
	if strings.ContainsAny(text.String(), "\x1b\a") || strings.Count(text.String(), "\n") != 2 {
		t.Errorf("%q", text.String())
	}
}

// BenchmarkWriteRuns writes a table of 10,000 runs.
func BenchmarkWriteRuns(b *testing.B) {
	list := make([]app.RunEntry, 10_000)
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range list {
		list[i] = app.RunEntry{ID: "2026-11-22_14-03-07_train", Name: "train", Status: "exited", Started: at, Ended: at, Wall: float64(i) / 3}
	}
	for b.Loop() {
		out := bufio.NewWriter(io.Discard)
		writeRuns(out, term.Style{}, list)
		out.Flush()
	}
}
