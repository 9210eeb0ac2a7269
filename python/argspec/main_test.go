package argspec

import (
	"os"
	"testing"

	"github.com/cantil-py/cantil/run"
)

// TestMain lets this binary be the shim of the Pythons that the tests start.
func TestMain(m *testing.M) {
	if code, is := run.Shim(nil); is {
		os.Exit(code)
	}
	os.Exit(m.Run())
}
