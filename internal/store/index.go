package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"modernc.org/sqlite" // the driver "sqlite"
)

const (
	indexName = "index.sqlite"
	// indexVersion is kept in the file (user_version); an index of another version is made anew.
	indexVersion = 1
	// listWait is how long a listing may be held up; afterwards it reads the folders instead.
	listWait = 500 * time.Millisecond
	// addWait is how long the end of a run may be held up; afterwards the next listing adds it.
	addWait = 200 * time.Millisecond
)

// The schema. Times are nanoseconds since 1970, 0 for none. Tags are joined by spaces.
const schema = `
CREATE TABLE runs (
	id TEXT PRIMARY KEY, name TEXT NOT NULL, status TEXT NOT NULL, code INTEGER NOT NULL, signal TEXT NOT NULL,
	started INTEGER NOT NULL, ended INTEGER NOT NULL, wall REAL NOT NULL,
	command TEXT NOT NULL, host TEXT NOT NULL, tags TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE checked (boot TEXT NOT NULL);
`

// spareEntries is room for runs that are not in the index yet: growing a list of 10,000 takes 10 ms.
const spareEntries = 64

// separator parts texts that are fetched as one: a column costs 1.5 us a row, however short.
const separator = "\x1f"

const (
	insertRun  = `INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	deleteRun  = `DELETE FROM runs WHERE id = ?`
	selectRuns = `SELECT id||x'1f'||name||x'1f'||status||x'1f'||signal||x'1f'||command||x'1f'||host||x'1f'||tags,
		code, started, ended, wall FROM runs`
)

// ErrBusy means that others wrote to the index all the time that we could wait.
var ErrBusy = errors.New("the index of runs is busy")

// errNoIndex means that this store is kept without one, and why.
var errNoIndex = errors.New("runs here are kept without an index")

// index is the SQLite file beside the runs: a copy of what their folders say, for quick
// listings. It holds runs whose entry is settled. It may be behind, never ahead: a run's folder is complete before
// it is added. Nothing in it is worth a sync to the disk; see check.
type index struct {
	db   *sql.DB
	dir  string // the store's
	path string
}

// openIndex opens the index of the store in dir, and makes it where there is none. The wait bounds each
// statement that finds the file in use.
func openIndex(dir string, wait time.Duration) (*index, error) {
	if kind := networkDisk(dir); kind != "" {
		return nil, fmt.Errorf("%w: %s is on %s, where the locks of SQLite do not hold", errNoIndex, dir, kind)
	}
	x := &index{dir: dir, path: filepath.Join(dir, indexName)}
	if _, err := os.Stat(x.path); errors.Is(err, fs.ErrNotExist) {
		if err := makeIndex(dir, x.path); err != nil {
			return nil, fmt.Errorf("making the index of runs: %w", err)
		}
	}
	var err error
	if x.db, err = openFile(x.path, wait); err != nil {
		return nil, err
	}
	if err := x.checkVersion(); err != nil {
		x.close()
		return nil, err
	}
	return x, nil
}

// openFile prepares a connection; the file is touched by the first statement. SQLite need not wait for the disk
// (synchronous=off): killed processes harm nothing, and after a crash of the machine the file is checked.
func openFile(path string, wait time.Duration) (*sql.DB, error) {
	slashed := filepath.ToSlash(path)
	if !strings.HasPrefix(slashed, "/") {
		slashed = "/" + slashed // C:/x
	}
	name := url.URL{Scheme: "file", Path: slashed, RawQuery: fmt.Sprintf(
		"mode=rw&_txlock=immediate&_pragma=busy_timeout(%d)&_pragma=synchronous(off)&_pragma=cell_size_check(on)", wait.Milliseconds())}
	db, err := sql.Open("sqlite", name.String())
	if err != nil {
		return nil, fmt.Errorf("opening the index %s: %w", path, err)
	}
	db.SetMaxOpenConns(1)
	return db, nil
}

// makeIndex makes an empty index under another name and gives it its own in one step, so that all
// who open it find it whole, and none has to wait for who makes it.
func makeIndex(dir, path string) error {
	file, err := os.CreateTemp(dir, "."+indexName+".*.tmp") // mode 0600, which SQLite gives its other files too
	if err != nil {
		return err
	}
	name := file.Name()
	defer os.Remove(name)
	if err := file.Close(); err != nil {
		return err
	}
	db, err := openFile(name, addWait)
	if err != nil {
		return err
	}
	_, err = db.Exec(fmt.Sprintf("PRAGMA journal_mode=wal; %s PRAGMA user_version=%d;", schema, indexVersion))
	if closeErr := db.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return err
	}
	if err := os.Link(name, path); err != nil && !errors.Is(err, fs.ErrExist) {
		return os.Rename(name, path) // a file system without links
	}
	return nil
}

func (x *index) close() { _ = x.db.Close() } // what was written is written

// unusable tells errors after which the file must be made anew.
type unusable struct{ err error }

func (u *unusable) Error() string { return u.err.Error() }
func (u *unusable) Unwrap() error { return u.err }

// Result codes of SQLite, see sqlite.org/rescode.html.
const (
	sqliteBusy    = 5
	sqliteCorrupt = 11
	sqliteNotADB  = 26
)

// explain wraps an error of the driver.
func (x *index) explain(err error) error {
	if err == nil {
		return nil
	}
	var e *sqlite.Error
	code := 0
	if errors.As(err, &e) {
		code = e.Code() & 0xff // the rest is detail
	}
	switch {
	case code == sqliteBusy, errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%w: %s", ErrBusy, x.path)
	case code == sqliteCorrupt, code == sqliteNotADB:
		return &unusable{fmt.Errorf("using the index %s: %w", x.path, err)}
	}
	return fmt.Errorf("using the index %s: %w", x.path, err)
}

func (x *index) checkVersion() error {
	var version int
	err := x.db.QueryRow("PRAGMA user_version").Scan(&version)
	if err == nil && version != indexVersion {
		err = &unusable{fmt.Errorf("the index %s has version %d, not %d", x.path, version, indexVersion)}
	}
	return x.explain(err)
}

// check looks the whole file over, once after each start of the machine: only a crash of it can damage what
// was not synced.
func (x *index) check() error {
	var boot, verdict string
	if err := x.db.QueryRow("SELECT coalesce(max(boot), '') FROM checked").Scan(&boot); err != nil {
		return x.explain(err)
	}
	if boot == bootID() && boot != "" {
		return nil
	}
	if err := x.db.QueryRow("PRAGMA quick_check(1)").Scan(&verdict); err != nil {
		return x.explain(err)
	}
	if verdict != "ok" {
		return &unusable{fmt.Errorf("the index %s is damaged: %s", x.path, verdict)}
	}
	_, err := x.db.Exec("DELETE FROM checked; INSERT INTO checked VALUES (?)", bootID())
	return x.explain(err)
}

// load returns all entries, in no order.
func (x *index) load() ([]Entry, error) {
	if err := x.check(); err != nil {
		return nil, err
	}
	var count int
	if err := x.db.QueryRow("SELECT count(*) FROM runs").Scan(&count); err != nil {
		return nil, x.explain(err)
	}
	list := make([]Entry, 0, count+spareEntries)
	rows, err := x.db.Query(selectRuns)
	if err != nil {
		return nil, x.explain(err)
	}
	defer rows.Close()
	runs := filepath.Join(x.dir, runsName) + string(filepath.Separator)
	for rows.Next() {
		var texts string
		var started, ended int64
		var e Entry
		if err := rows.Scan(&texts, &e.Code, &started, &ended, &e.Wall); err != nil {
			return nil, x.explain(err)
		}
		if strings.Count(texts, separator) != len(e.texts()) {
			return nil, &unusable{fmt.Errorf("the index %s holds an odd row", x.path)}
		}
		for _, to := range e.texts() {
			*to, texts, _ = strings.Cut(texts, separator)
		}
		e.Dir, e.Tags = runs+e.ID, splitTags(texts)
		e.Started, e.Ended = fromNanos(started), fromNanos(ended)
		list = append(list, e)
	}
	return list, x.explain(rows.Err())
}

// texts are the fields that selectRuns joins, in its order, but for the tags at the end.
func (e *Entry) texts() [6]*string {
	return [...]*string{&e.ID, &e.Name, &e.Status, &e.Signal, &e.Command, &e.Host}
}

// change adds or replaces some entries and drops others, all or none.
func (x *index) change(ctx context.Context, add []Entry, drop []string) error {
	tx, err := x.db.BeginTx(ctx, nil)
	if err != nil {
		return x.explain(err)
	}
	defer func() { _ = tx.Rollback() }() // after a commit it does nothing
	for _, id := range drop {
		if _, err := tx.ExecContext(ctx, deleteRun, id); err != nil {
			return x.explain(err)
		}
	}
	if err := insert(ctx, tx, add); err != nil {
		return x.explain(err)
	}
	return x.explain(tx.Commit())
}

// replace makes the index hold just these entries.
func (x *index) replace(entries []Entry) error {
	tx, err := x.db.Begin()
	if err != nil {
		return x.explain(err)
	}
	defer func() { _ = tx.Rollback() }() // after a commit it does nothing
	if _, err := tx.Exec("DELETE FROM runs"); err != nil {
		return x.explain(err)
	}
	if err := insert(context.Background(), tx, entries); err != nil {
		return x.explain(err)
	}
	return x.explain(tx.Commit())
}

func insert(ctx context.Context, tx *sql.Tx, add []Entry) error {
	statement, err := tx.PrepareContext(ctx, insertRun)
	if err != nil {
		return err
	}
	defer statement.Close()
	for _, e := range add {
		_, err := statement.ExecContext(ctx, field(e.ID), field(e.Name), e.Status, e.Code, field(e.Signal),
			nanos(e.Started), nanos(e.Ended), e.Wall, field(e.Command), field(e.Host), strings.Join(e.Tags, " "))
		if err != nil {
			return err
		}
	}
	return nil
}

// field is text as the index keeps it: with no separator in it.
func field(text string) string { return strings.ReplaceAll(text, separator, "\ufffd") }

func nanos(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixNano()
}

func fromNanos(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.Unix(0, n)
}

func splitTags(text string) []string {
	if text == "" {
		return []string{}
	}
	return strings.Split(text, " ")
}
