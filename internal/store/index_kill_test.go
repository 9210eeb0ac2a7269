package store_test

import (
	"math/rand/v2"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"
)

// TestKilledIndexersLoseNothing: processes that keep and index runs are killed at random moments; after that every
// folder is listed, as it is, and the index takes new runs.
func TestKilledIndexersLoseNothing(t *testing.T) {
	rounds := 4
	if os.Getenv("CANTIL_SLOW") == "1" {
		rounds = 60
	}
	s := newStore(t)
	random := rand.New(rand.NewPCG(3, 4))
	for range rounds {
		var wait sync.WaitGroup
		for range 8 {
			delay := time.Duration(random.IntN(120)) * time.Millisecond
			wait.Go(func() {
				cmd := exec.Command(os.Args[0])
				cmd.Env = append(os.Environ(), indexerVariable+"="+s.Dir)
				if err := cmd.Start(); err != nil {
					t.Error(err)
					return
				}
				time.Sleep(delay)
				_ = cmd.Process.Kill()
				_ = cmd.Wait() // it was killed, or had ended
			})
		}
		wait.Wait()
		sameAsFolders(t, s)
	}
	run := keep(t, s, "after", time.Now(), 0)
	if err := run.WriteJSON("x.json", 1); err != nil {
		t.Fatal(err)
	}
	entries := sameAsFolders(t, s)
	t.Logf("%d rounds, %d runs", rounds, len(entries))
	if n, err := s.Reindex(); err != nil || n == 0 {
		t.Errorf("reindex: %d, %v", n, err)
	}
}
