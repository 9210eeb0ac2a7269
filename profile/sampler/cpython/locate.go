package cpython

import (
	"encoding/binary"
	"errors"
	"fmt"
	"path"
	"regexp"
	"runtime"
	"strconv"
	"sync"

	"github.com/cantil-py/cantil/profile/sampler/remote"
)

// maxScanned bounds the search through a program's variables for what its symbols do
// not tell: 16 MiB, some twenty times those of CPython.
const maxScanned = 16 << 20

// Process is what a target must offer: its memory, and what is mapped where.
type Process interface {
	remote.Memory
	PID() int
	Maps() ([]remote.Mapping, error)
	Image(m remote.Mapping, maps []remote.Mapping) (*remote.Image, error)
}

// NotPythonError is a process in which no CPython was found. A program that is about
// to become Python (a shell, a version manager's shim) may be asked again later.
type NotPythonError struct {
	PID    int
	Detail string
}

func (e *NotPythonError) Error() string {
	return fmt.Sprintf("process %d runs no CPython that is known here: %s", e.PID, e.Detail)
}

// place is where the runtime is and what it is.
type place struct {
	runtime     uint64 // _PyRuntime; in 3.6 interp_head
	currentWord uint64 // pointer to the thread that holds the GIL, before 3.12; 0 if unknown
	version     string // "3.12.1"
	layout      *layout
	file        string
}

// runtimeSymbols: the first is in the dynamic symbols of every build seen, the others
// stand for it in 3.6.
var runtimeSymbols = []string{"_PyRuntime", "Py_Version", "interp_head", "_PyThreadState_Current"}

// pythonFile matches names of programs and libraries that may hold an interpreter;
// these are looked at first.
var pythonFile = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(lib)?python[\d.]*|^lib.*python`) })

// locate finds the runtime among the files that the process has mapped.
func locate(p Process) (place, error) {
	maps, err := p.Maps()
	if err != nil {
		return place{}, err
	}
	var last error
	for _, m := range candidates(maps) {
		found, err := locateIn(p, m, maps)
		if err == nil {
			return found, nil
		}
		if !errors.Is(err, errNoRuntime) {
			last = errors.Join(last, err)
		}
	}
	if errors.Is(last, remote.ErrGone) {
		return place{}, last
	}
	if last != nil {
		return place{}, &NotPythonError{p.PID(), last.Error()}
	}
	return place{}, &NotPythonError{p.PID(), "none of its files has a Python runtime"}
}

var errNoRuntime = errors.New("no Python runtime")

// candidates are the mapped files, each once, those named like Python first and the
// program itself next; libraries of Python's extensions come last.
func candidates(maps []remote.Mapping) []remote.Mapping {
	var named, others []remote.Mapping
	seen := map[string]bool{}
	for _, m := range maps {
		if m.Inode == 0 || m.Path == "" || m.Path[0] != '/' || seen[m.Path] {
			continue
		}
		seen[m.Path] = true
		if pythonFile().MatchString(path.Base(m.Path)) {
			named = append(named, m)
		} else {
			others = append(others, m)
		}
	}
	return append(named, others...)
}

// locateIn looks for a runtime in one mapped file.
func locateIn(p Process, m remote.Mapping, maps []remote.Mapping) (place, error) {
	image, err := p.Image(m, maps)
	if err != nil {
		return place{}, errNoRuntime // data, or a file that was replaced: not the interpreter
	}
	defer image.Close()
	symbols, err := image.Symbols(runtimeSymbols...)
	if err != nil {
		return place{}, errNoRuntime
	}
	found := place{runtime: symbols["_PyRuntime"], file: m.Path}
	if found.runtime == 0 {
		found.runtime, _, _ = image.Section(".PyRuntime")
	}
	if found.runtime == 0 {
		found.runtime, found.currentWord = symbols["interp_head"], symbols["_PyThreadState_Current"]
	}
	if found.runtime == 0 {
		return place{}, errNoRuntime
	}
	return found, found.identify(p, image, symbols["Py_Version"])
}

// identify tells version and layout of the runtime that was found.
func (f *place) identify(p Process, image *remote.Image, versionAt uint64) error {
	table := make([]byte, publishedSize)
	if p.Read(f.runtime, table) == nil && string(table[:len(cookie)]) == cookie {
		l, err := publishedLayout(table)
		f.layout, f.version = l, hexVersion(binary.LittleEndian.Uint64(table[8:]))
		return err
	}
	var word [8]byte
	minor := 0
	if versionAt != 0 && p.Read(versionAt, word[:]) == nil {
		hex := binary.LittleEndian.Uint64(word[:])
		f.version, minor = hexVersion(hex), int(hex>>16&0xff)
	} else if f.version, minor = scanVersion(p, image); minor == 0 {
		f.version, minor = fileVersion(f.file)
	}
	if old := oldPython().FindStringSubmatch(path.Base(f.file)); minor == 0 && old != nil {
		return fmt.Errorf("it is Python %s (%s), which is too old", old[1], f.file)
	}
	if minor == 0 {
		return fmt.Errorf("%s has a Python runtime of unknown version", f.file)
	}
	if runtime.GOARCH != "amd64" {
		return fmt.Errorf("CPython %s on %s is not known here: only 3.13 and later tell their own layout", f.version, runtime.GOARCH)
	}
	l, err := layoutOf(minor)
	if err != nil {
		return err
	}
	f.layout = l
	if minor >= 7 && minor < 12 {
		f.currentWord = f.runtime + uint64(l.gilHolder)
	}
	return nil
}

// hexVersion spells PY_VERSION_HEX: major, minor, patch, a byte of level and serial.
func hexVersion(hex uint64) string {
	text := fmt.Sprintf("%d.%d.%d", hex>>24&0xff, hex>>16&0xff, hex>>8&0xff)
	levels := map[uint64]string{0xa: "a", 0xb: "b", 0xc: "rc"}
	if level, ok := levels[hex>>4&0xf]; ok {
		text += level + strconv.FormatUint(hex&0xf, 10)
	}
	return text
}

// What Py_GetVersion leaves in a variable of its own: "3.8.18 (default, Aug 24 2023, ".
var (
	versionText = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`\x00(3\.(\d+)\.\d+(?:a\d+|b\d+|rc\d+)?\+?) \([^\x00]{4,80}, [A-Z][a-z]{2} `)
	})
	versionFile = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`python3\.(\d+)`) })
	oldPython   = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`python(2\.\d+)`) })
)

// scanVersion looks for the version in the variables of the file.
func scanVersion(p Process, image *remote.Image) (string, int) {
	for _, m := range image.Writable() {
		if m.End-m.Start > maxScanned {
			continue
		}
		buf := make([]byte, m.End-m.Start)
		if p.Read(m.Start, buf) != nil {
			continue
		}
		if found := versionText().FindSubmatch(buf); found != nil {
			minor, _ := strconv.Atoi(string(found[2]))
			return string(found[1]), minor
		}
	}
	return "", 0
}

// fileVersion takes the version from a name like libpython3.8.so.1.0.
func fileVersion(file string) (string, int) {
	found := versionFile().FindStringSubmatch(path.Base(file))
	if found == nil {
		return "", 0
	}
	minor, _ := strconv.Atoi(found[1])
	return "3." + found[1], minor
}
