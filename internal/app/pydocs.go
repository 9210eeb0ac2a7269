package app

import "context"

// DocsPage is the address of the page of Python's documentation for a built-in, a
// keyword, a module of the standard library, or something in one ("json.loads"). Python
// itself is asked what there is, so it is the page of its version. What is not there,
// or not Python's own, is a [BadInput].
func DocsPage(ctx context.Context, a Asked, name string) (string, error) {
	lines, err := a.ask(ctx, askDocs, name)
	if err != nil {
		return "", err
	}
	return lines[0], nil
}
