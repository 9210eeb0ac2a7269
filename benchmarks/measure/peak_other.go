//go:build !linux && !darwin

package measure

import "os"

// peak is not known here.
func peak(*os.ProcessState) int64 { return 0 }

// OwnPeak is not known here.
func OwnPeak() int64 { return 0 }
