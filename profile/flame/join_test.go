package flame

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

func TestJoinPutsWhatIsNeededFirst(t *testing.T) {
	files := fstest.MapFS{
		"js/main.js":   {Data: []byte("// the page\nimport { b } from './b.js';\nimport {\n  a,\n  Other,\n} from './a.js';\n\nb(a);\n")},
		"js/b.js":      {Data: []byte("import { a } from './a.js';\n\nexport async function b() { return a; }\n")},
		"js/a.js":      {Data: []byte("export const a = 1;\r\nexport class Other {}\r\n")},
		"js/unused.js": {Data: []byte("export const c = 1;\n")},
	}
	got, err := joined(files, "js/main.js")
	if err != nil {
		t.Fatal(err)
	}
	want := "\n/* a.js */\nconst a = 1;\nclass Other {}\n\n/* b.js */\nasync function b() { return a; }\n\n/* main.js */\n// the page\n\nb(a);\n"
	if string(got) != want {
		t.Errorf("got %q\nwant %q", got, want)
	}
}

// TestJoinRefuses: what cannot be joined by leaving words out is no page that fails in the browser.
func TestJoinRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"a name of its own": "import { a as b } from './a.js';\n",
		"a default":         "export default 1;\n",
		"a whole module":    "import * as a from './a.js';\n",
		"a circle":          "import { x } from './main.js';\n",
		"no such file":      "import { x } from './none.js';\n",
		"an end of script":  "const x = '</SCRIPT>';\n",
		"a comment of HTML": "const x = '<!--';\n",
	} {
		files := fstest.MapFS{"js/main.js": {Data: []byte(text)}, "js/a.js": {Data: []byte("export const a = 1;\n")}}
		if got, err := joined(files, "js/main.js"); err == nil {
			t.Errorf("%s: joined to %q", name, got)
		}
	}
}

// TestScriptsAreOneModule: all modules together are correct JavaScript, their names all different, as node finds.
func TestScriptsAreOneModule(t *testing.T) {
	script, err := joined(Assets(), "js/main.js")
	if err != nil {
		t.Fatal(err)
	}
	for _, forbidden := range []string{"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function(", "setAttribute('style'", "setAttribute('on"} {
		if strings.Contains(string(script), forbidden) {
			t.Errorf("the scripts use %s: names could become markup, or the policy forbids it", forbidden)
		}
	}
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("SKIP: node (Debian: apt-get install nodejs) is not here to check the scripts; testing/browser runs them")
	}
	name := filepath.Join(t.TempDir(), "page.mjs")
	if err := os.WriteFile(name, script, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(node, "--check", name).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
