package app

import (
	"context"
	"fmt"
	"os/exec"
	"runtime"
)

// OpenPage shows an address in a browser: the named program, or with "" what the
// system opens pages with. It returns as soon as that one has the address.
func OpenPage(ctx context.Context, browser, page string) error {
	argv := []string{browser, page}
	if browser == "" {
		argv = opener(page)
	}
	if err := exec.CommandContext(ctx, argv[0], argv[1:]...).Run(); err != nil {
		return fmt.Errorf("opening %s: %s: %w", page, argv[0], err)
	}
	return nil
}

func opener(page string) []string {
	switch runtime.GOOS {
	case "darwin":
		return []string{"open", page}
	case "windows":
		return []string{"rundll32", "url.dll,FileProtocolHandler", page}
	}
	return []string{"xdg-open", page}
}
