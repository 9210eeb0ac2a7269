package app

import (
	"github.com/cantil-py/cantil/bench/launch"
	"github.com/cantil-py/cantil/internal/store"
	"github.com/cantil-py/cantil/run"
)

// Shim is the whole life of this process if it was started to keep a run, or to start the programs of a measurement, and returns
// at once with false if not. It must be the first call of main. Of a run that has ended, what could wait is done: its records are
// synced, and the index told. What the call of a function leaves is no run.
func Shim() (code int, is bool) {
	if code, is := launch.Main(); is {
		return code, true
	}
	return run.Shim(func(folder string) {
		if err := store.SyncRecords(folder); err != nil {
			return
		}
		_ = store.IndexRun(folder) // the folder is the truth; listing heals the index
	})
}
