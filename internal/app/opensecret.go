package app

import (
	"context"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"time"
)

// secretPageTime is how long a browser may take to come up and read the page that leads on.
const secretPageTime = 30 * time.Second

// OpenSecretPage shows an address in a browser that nobody else may know: everyone on a machine sees the
// arguments of programs, so the browser is given a file, which only its owner can read, and that leads on. It returns when
// the file is gone again: after half a minute, or when ctx is done.
func OpenSecretPage(ctx context.Context, browser, address string) error {
	dir, err := os.MkdirTemp("", "cantil-view-") // for its owner only
	if err != nil {
		return fmt.Errorf("opening a page: %w", err)
	}
	defer os.RemoveAll(dir)
	page := filepath.Join(dir, "open.html")
	text := `<!doctype html><meta charset="utf-8"><title>cantil</title><meta http-equiv="refresh" content="0; url=` + html.EscapeString(address) + `">`
	if err := os.WriteFile(page, []byte(text), 0o600); err != nil {
		return fmt.Errorf("opening a page: %w", err)
	}
	if err := OpenPage(ctx, browser, page); err != nil {
		return err
	}
	select {
	case <-ctx.Done():
	case <-time.After(secretPageTime):
	}
	return nil
}
