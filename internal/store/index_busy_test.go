package store_test

import (
	"database/sql"
	"errors"
	"path/filepath"
	"testing"
	"time"

	_ "modernc.org/sqlite" // the driver, to stand in the way

	"github.com/cantil-py/cantil/internal/store"
)

// TestABusyIndexHoldsNobodyUp: while another process writes, the end of a run waits a moment and gives up, a
// listing tells the run all the same, and later ones have it from the index.
func TestABusyIndexHoldsNobodyUp(t *testing.T) {
	s := newStore(t)
	keep(t, s, "first", start, 0)
	list(t, s)
	db, err := sql.Open("sqlite", "file:"+filepath.ToSlash(filepath.Join(s.Dir, indexName))+"?_txlock=immediate")
	must(t, err)
	defer db.Close()
	tx, err := db.Begin()
	must(t, err)
	run := keep(t, s, "second", start.Add(time.Second), 0)
	began := time.Now()
	if err := store.IndexRun(run.Dir); !errors.Is(err, store.ErrBusy) {
		t.Errorf("got %v", err)
	}
	if took := time.Since(began); took > time.Second {
		t.Errorf("it gave up after %s", took)
	}
	if got := len(sameAsFolders(t, s)); got != 2 {
		t.Errorf("%d runs while another writes", got)
	}
	must(t, tx.Rollback())
	must(t, store.IndexRun(run.Dir))
	if got := len(sameAsFolders(t, s)); got != 2 {
		t.Errorf("%d runs after", got)
	}
}

// BenchmarkIndexRun is what the end of a run is held up by: opening, adding, closing.
func BenchmarkIndexRun(b *testing.B) {
	s := newStore(b)
	run := keep(b, s, "x", start, 0)
	for b.Loop() {
		if err := store.IndexRun(run.Dir); err != nil {
			b.Fatal(err)
		}
	}
}
