//go:build unix

package run

import (
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestOutcomeComesBack(t *testing.T) {
	for _, want := range []Outcome{
		{Status: Exited, Code: 3, Wall: 1.25, User: 0.5, System: 0.25, MaxRSS: 1 << 40, LeftRunning: []int{1, 2}},
		{Status: Signalled, Code: 137, Signal: "SIGKILL", Killed: true, Ended: time.Date(2026, 11, 22, 14, 3, 7, 5, time.UTC)},
		{Status: FailedToStart, Code: 126, Error: strings.Repeat("permission denied ", 1000)}, // more than was reserved
	} {
		folder := t.TempDir()
		file, err := writeOutcome(folder, nil, &want)
		if err != nil {
			t.Fatal(err)
		}
		syncOutcome(folder, file)
		if got, err := ReadOutcome(folder); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%+v, want %+v, %v", got, want, err)
		}
		assertOnly(t, folder, OutcomeFile)
	}
}
