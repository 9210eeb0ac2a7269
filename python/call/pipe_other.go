//go:build !unix

package call

import "os"

// readAtOnce finds nothing: a pipe here takes no deadline, and is read to its end.
func readAtOnce(uintptr, []byte) (int, error) { return 0, os.ErrDeadlineExceeded }
