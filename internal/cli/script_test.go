package cli

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/cantil-py/cantil/internal/testpy"
	"github.com/cantil-py/cantil/internal/web"
)

func TestMain(m *testing.M) {
	if code, is := Shim(); is {
		os.Exit(code)
	}
	testscript.Main(m, map[string]func(){
		"cantil": func() {
			env := System()
			env.Web = web.Serve
			os.Exit(Main(os.Args[1:], env))
		},
	})
}

// TestScript runs the transcripts in testdata/script. The first word of a
// transcript's name is its command.
func TestScript(t *testing.T) {
	params := scriptParams(t)
	params.Dir = filepath.Join("testdata", "script")
	testscript.Run(t, params)
}

// scriptParams are for scripts with the real program, each in an empty folder of
// its own. $PYTHON is the newest Python of this machine, which is also first on the
// PATH; $EXAMPLES is the folder of the examples. CANTIL_UPDATE=1 rewrites what cmp
// compares to.
func scriptParams(t *testing.T) testscript.Params { return scriptParamsOf(t, testpy.Newest(t)) }

// scriptParamsOf has another Python in the place of the newest.
func scriptParamsOf(t *testing.T, py testpy.Python) testscript.Params {
	examples := filepath.Join(testpy.Root(t), "examples")
	return testscript.Params{
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       os.Getenv("CANTIL_UPDATE") != "",
		Setup: func(env *testscript.Env) error {
			env.Setenv("PYTHON", py.Path)
			env.Setenv("PATH", filepath.Dir(py.Path)+string(filepath.ListSeparator)+env.Getenv("PATH"))
			env.Setenv("EXAMPLES", examples)
			env.Setenv("TZ", "UTC")
			env.Setenv("XDG_CACHE_HOME", filepath.Join(env.WorkDir, ".cache"))
			return nil
		},
	}
}
