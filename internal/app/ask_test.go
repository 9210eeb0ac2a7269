package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/cantil-py/cantil/internal/testpy"
)

// docsPages are pages that all versions have.
var docsPages = [][2]string{
	{"json", "library/json.html#module-json"},
	{"collections.abc", "library/collections.abc.html#module-collections.abc"},
	{"xml.etree.ElementTree", "library/xml.etree.elementtree.html#module-xml.etree.ElementTree"},
	{"None", "library/constants.html#None"},
	{"KeyboardInterrupt", "library/exceptions.html#KeyboardInterrupt"},
	{"OSError.errno", "library/exceptions.html#OSError.errno"},
	{"dict.items", "library/stdtypes.html#dict.items"},
	{"print", "library/functions.html#print"},
	{"lambda", "reference/expressions.html#lambda"},
	{"subprocess.Popen.wait", "library/subprocess.html#subprocess.Popen.wait"},
	{"itertools.permutations", "library/itertools.html#itertools.permutations"},
	{"asyncio.Queue", "library/asyncio-queue.html#asyncio.Queue"},
}

// TestDocsPage asks each Python, for all pages at once to spare its start.
func TestDocsPage(t *testing.T) {
	const all = `
import sys
exec(sys.argv[1].rpartition("print(")[0])
for name in sys.argv[2:]:
    print(find(name))
`
	args, want := []string{askDocs}, ""
	for _, page := range docsPages {
		args = append(args, page[0])
		want += page[1] + "\n"
	}
	testpy.EachOfSome(t, func(t *testing.T, py testpy.Python) {
		if got := strings.ReplaceAll(testpy.Run(t, py, all, args...), "\r\n", "\n"); got != want {
			t.Errorf("pages are\n%swant\n%s", got, want)
		}
		asked := Asked{Python: py.Path, Env: os.Environ()}
		var bad *BadInput
		if page, err := DocsPage(context.Background(), asked, "json.laods"); !errors.As(err, &bad) || !strings.Contains(err.Error(), "json.loads") {
			t.Errorf("json.laods: %s, %v", page, err)
		}
	})
}

// TestDocsAsTheInventory compares every name that Debian's documentation of its Python
// lists, but for those of other systems, removed modules and other chapters.
func TestDocsAsTheInventory(t *testing.T) {
	const inventory = "/usr/share/doc/python3.11/html/objects.inv"
	path := inventory
	if named := os.Getenv("CANTIL_TEST_INVENTORY"); named != "" {
		path = named
	}
	if _, err := os.Stat(path); err != nil {
		t.Skipf("comparing with the index of the documentation needs it: apt-get install python3.11-doc, or name an objects.inv of 3.11 in CANTIL_TEST_INVENTORY: %v", err)
	}
	for _, py := range testpy.All(t) {
		if py.Minor != 11 {
			continue
		}
		var exact, page, wrong, none int
		out := testpy.Run(t, py, compareInventory, path, askDocs)
		if _, err := fmt.Sscan(out, &exact, &page, &wrong, &none); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		t.Logf("CPython %s: %d names exact, %d on the right page, %d on a wrong one, %d not found", py.Version, exact, page, wrong, none)
		// What is not found is mostly what only objects have, not their classes.
		if total := exact + page + wrong + none; exact*100 < total*84 || wrong*200 > total {
			t.Errorf("%d of %d exact, %d on wrong pages; was 86 %% and 0.2 %%", exact, total, wrong)
		}
		return
	}
	t.Skip("no CPython 3.11, whose documentation it is: pyenv install 3.11")
}

const compareInventory = `
import io, re, sys, zlib
data = open(sys.argv[1], "rb").read().split(b"\n", 4)[4]
code = sys.argv[2].rpartition("print(")[0]
exec(code)
def unknown(*_):
    raise LookupError
count = {"exact": 0, "page": 0, "wrong": 0, "none": 0}
others = ("distutils", "test.", "tkinter", "antigravity", "msilib", "winreg", "msvcrt", "winsound", "lib2to3", "idlelib", "turtle")
real, sys.stdout, sys.stderr = sys.stdout, io.StringIO(), io.StringIO()
for line in zlib.decompress(data).decode().splitlines():
    name, role, _, uri = re.match(r"(.+?)\s+(\S+)\s+(-?\d+)\s+(\S*)", line).groups()
    uri = uri[:-1] + name if uri.endswith("$") else uri
    if not role.startswith("py:") or not uri.startswith("library/") or name.startswith(others):
        continue
    try:
        got = find(name)
    except BaseException:
        got = ""
    kind = "exact" if got == uri else "none" if not got else "page" if got.split("#")[0] == uri.split("#")[0] else "wrong"
    count[kind] += 1
real.write("%(exact)d %(page)d %(wrong)d %(none)d\n" % count)
`
