package app

import (
	"fmt"
	"io"
	"os"

	"github.com/cantil-py/cantil/durable"
	"github.com/cantil-py/cantil/internal/store"
	"github.com/cantil-py/cantil/run"
)

// copyOutput writes the program's stdout to the file asked for, and returns its path.
func (o *RunOptions) copyOutput(kept *store.Run) (string, error) {
	asked, err := store.ReadAsked(kept.Dir)
	if err != nil {
		return "", err
	}
	path, err := o.outPath(asked.Started)
	if err != nil {
		return "", err
	}
	log, err := os.Open(kept.Path(run.StdoutFile))
	if err != nil {
		return "", err
	}
	defer log.Close()
	err = durable.WriteShared(path, func(w io.Writer) error {
		_, err := io.Copy(w, log)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("copying the output (it is kept in %s): %w", kept.Dir, err)
	}
	return path, nil
}

// ParseOutput parses what a run printed on stdout; see [Parse].
func ParseOutput(format string, r RunResult) (any, error) {
	log, err := os.Open(r.stdout())
	if err != nil {
		return nil, err
	}
	defer log.Close()
	output, err := io.ReadAll(io.LimitReader(log, mostParsed+1))
	if err != nil {
		return nil, err
	}
	return Parse(format, output)
}
