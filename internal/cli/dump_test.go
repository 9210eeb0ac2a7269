package cli

import (
	"path/filepath"
	"runtime"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/cantil-py/cantil/internal/testpy"
)

// TestDump runs the transcript of dump with several Pythons.
func TestDump(t *testing.T) { processScript(t, "dump.txtar") }

// TestTopStream runs that of top, where it needs no terminal.
func TestTopStream(t *testing.T) { processScript(t, "top.txtar") }

// processScript runs a transcript about processes that run, for each of several Pythons.
func processScript(t *testing.T, file string) {
	if runtime.GOOS != "linux" {
		t.Skip("NOT TESTED: other processes can be read on Linux only, so far")
	}
	t.Parallel()
	testpy.EachOfSome(t, func(t *testing.T, py testpy.Python) {
		t.Parallel()
		params := scriptParamsOf(t, py)
		setup := params.Setup
		params.Setup = func(env *testscript.Env) error {
			env.Setenv("PYTHONIOENCODING", "utf-8")
			return setup(env)
		}
		params.Files = []string{filepath.Join("testdata", file)}
		testscript.Run(t, params)
	})
}
