package store

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/cantil-py/cantil/run"
)

// The names of a run's two records.
const (
	AskedFile   = "run.json"
	OutcomeFile = run.OutcomeFile
)

// maxRecord bounds a record that is read. The largest real ones hold an environment, which Linux limits to some 6 MB.
const maxRecord = 32 << 20

// Asked is run.json: what was asked for. It is written before the program starts, and never again.
type Asked struct {
	Cantil       string            `json:"cantil"`               // version of cantil
	Argv         []string          `json:"argv"`                 // cantil's command line, secrets masked
	Cwd          string            `json:"cwd"`                  // working folder of the program
	Script       string            `json:"script,omitempty"`     // the program as it was named; for -m the module
	ScriptDir    string            `json:"script_dir,omitempty"` // folder of the program, absolute
	Interpreter  Interpreter       `json:"interpreter"`
	Env          map[string]string `json:"env"` // the environment given to the program, secrets masked
	Git          *Git              `json:"git,omitempty"`
	Host         string            `json:"host"`
	BootID       string            `json:"boot_id,omitempty"`       // differs after every start of the machine
	PID          int               `json:"pid"`                     // the process that keeps the run
	ProcessStart string            `json:"process_start,omitempty"` // when that process started; to be compared only
	Started      time.Time         `json:"started"`
}

// Interpreter is what is known of the Python when the run starts.
type Interpreter struct {
	Path           string `json:"path"`
	Version        string `json:"version,omitempty"` // "3.12.1"
	Implementation string `json:"implementation,omitempty"`
	FreeThreaded   bool   `json:"free_threaded,omitempty"`
}

// NewAsked records a run that the process with the id keeper keeps: the command line and the environment
// with their secrets masked, the machine, that process, and the git commit of cwd. The
// caller adds Cantil, Script, ScriptDir and Interpreter. It takes less than a millisecond.
func NewAsked(keeper int, argv []string, cwd string, environ []string, started time.Time) Asked {
	if absolute, err := filepath.Abs(cwd); err == nil { // "" is the folder of this process
		cwd = absolute
	}
	host, _ := os.Hostname() // a machine without a name has none
	asked := Asked{
		Argv: MaskArgs(argv), Cwd: cwd, Env: MaskEnv(environ),
		Host: host, BootID: bootID(), PID: keeper, ProcessStart: processStart(keeper),
		Started: started,
	}
	if git, ok := ReadGit(cwd); ok {
		asked.Git = &git
	}
	return asked
}

// ReadAsked reads the run.json of the run in dir.
func ReadAsked(dir string) (Asked, error) {
	var asked Asked
	if err := readJSON(filepath.Join(dir, AskedFile), &asked); err != nil {
		return Asked{}, err
	}
	return asked, nil
}

func readJSON(path string, v any) error {
	file, err := os.Open(path)
	if err != nil {
		return err // it names the operation and the path
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, maxRecord+1))
	if err != nil {
		return fmt.Errorf("reading %s: %w", path, err)
	}
	if len(content) > maxRecord {
		return fmt.Errorf("reading %s: longer than %d MiB", path, maxRecord>>20)
	}
	if err := json.Unmarshal(content, v); err != nil {
		return fmt.Errorf("reading %s: %w", path, err)
	}
	return nil
}
