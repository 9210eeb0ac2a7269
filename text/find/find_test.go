package find

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cantil-py/cantil/internal/testpy"

	"github.com/cantil-py/cantil/internal/testuser"
)

// tree makes files in a new folder; a name that ends in a slash is a folder, and what
// stands behind a = is its content.
func tree(t *testing.T, names ...string) string {
	t.Helper()
	root := t.TempDir()
	for _, name := range names {
		name, content, _ := strings.Cut(name, "=")
		path := filepath.Join(root, filepath.FromSlash(name))
		dir := path
		if !strings.HasSuffix(name, "/") {
			dir = filepath.Dir(path)
		}
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if dir == path {
			continue
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// paths are what All finds, relative to root with slashes; nothing may go wrong.
func paths(t *testing.T, root string, o Options) []string {
	t.Helper()
	o.OnError = func(path string, err error) { t.Errorf("%s: %v", path, err) }
	list, err := All(context.Background(), root, o)
	if err != nil {
		t.Fatal(err)
	}
	found := []string{}
	for _, e := range list {
		below, err := filepath.Rel(root, e.Path)
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, filepath.ToSlash(below))
	}
	slices.Sort(found)
	return found
}

func globs(t *testing.T, patterns ...string) []*Glob {
	t.Helper()
	var list []*Glob
	for _, p := range patterns {
		g, err := ParseGlob(p)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, g)
	}
	return list
}

// TestAsPython compares with os.walk and endswith, and with glob.glob, on each CPython.
func TestAsPython(t *testing.T) {
	root := tree(t, "a.wav", "b.WAV", ".wav", "x/a.wav", "x/b.mp3", "x/.hidden/c.wav", "x/y/z/deep.wav", "x/y/.d.wav", "wav", "x.wav/in", "é/ü.wav",
		"x/[a].wav", "x/a-b.wav", "x/!.wav", "empty/", "a**b.wav", "x/tar.gz.wav", "y/x/y/x/y.wav", "aXb/c", "z]", "x/y/z/x/y/a.wav")
	patterns := []string{"*.wav", "**/*.wav", "**", "**/", "x/**", "x/**/", "*/", "x/*", "**/x/**/*.wav", "**/y", "[ax].wav", "x/[!a]*.wav", "x/[[]a].wav", "x/[]!]*", "?.wav",
		"**/?.wav", ".*", "**/.*", "x/.hidden/*", "**/.hidden/**", "x/y/**/a.wav", "*/**/x", "a**b.wav", "a*b*", "**/**/*.wav", "[", "z[]]", "x/[a-]-b.wav", "é/?.wav", "nothing/*", "**/z/**/y/*", "[!.]wav", "x*/in"}
	const code = `
import glob, os, sys
os.chdir(sys.argv[1])
print("\t".join(sorted(os.path.relpath(os.path.join(d, f), ".") for d, _, l in os.walk(".") for f in l if f.endswith(".wav"))))
for pattern in sys.argv[2:]:
    print("\t".join(sorted({os.path.normpath(p) for p in glob.glob(pattern, recursive=True)})))
`
	ours := strings.Join(paths(t, root, Options{Exts: []string{"wav"}, Types: []Type{File}}), "\t") + "\n"
	for _, p := range patterns {
		ours += strings.Join(paths(t, root, Options{Globs: globs(t, p)}), "\t") + "\n"
	}
	// The oldest CPythons have wrong answers to these two; ours are those of 3.14.
	if got := paths(t, root, Options{Globs: globs(t, "a.wav/**", "nothing/**")}); len(got) > 0 {
		t.Errorf("in a file, and in nothing: %q", got)
	}
	testpy.EachOfSome(t, func(t *testing.T, py testpy.Python) {
		theirs := strings.Split(filepath.ToSlash(strings.ReplaceAll(testpy.Run(t, py, code, append([]string{root}, patterns...)...), "\r\n", "\n")), "\n")
		for i, line := range strings.Split(ours, "\n") {
			want := strings.Split(theirs[i], "\t")
			want = slices.DeleteFunc(want, func(s string) bool { return s == "." }) // the folder itself, for **
			slices.Sort(want)
			if line != strings.Join(want, "\t") {
				name := "os.walk"
				if i > 0 {
					name = patterns[i-1]
				}
				t.Errorf("%s: ours\n%q, CPython has\n%q", name, line, strings.Join(want, "\t"))
			}
		}
	})
}

// TestAsGit compares with what git itself would add, over fixed and random rules.
func TestAsGit(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("comparing with git needs git: apt-get install git")
	}
	files := []string{"a", "b.log", "keep.log", "x/a", "x/b.log", "x/y/a", "x/y/keep.log", "build/out", "x/build/out", "x/build.txt", ".hidden", "x/.hidden/a",
		"a b", "x/c.py", "x/y/c.pyc", "docs/a/b/c", "docs/c", "tail ", "#hash", "!bang", "x/[a]"}
	rules := []string{"*.log", "!keep.log", "build/", "/a", "a", "x/a", "x/*", "!x/y", "!x/y/", "**/y", "docs/**", "docs/**/c", "**/docs/c", "/docs/*", "*.py[co]", "[!a-w]*", "[^x]/a", `\#hash`, `\!bang`, `tail\ `,
		"# comment", "", "   ", ".hidden", "/", "x/**/a", "a*b", "?", "!*", "*", "/*", "!/x", "x/build", "/x/", "**", "**/", "x/[[]a]", "*/a", "a/", "y/a"}
	check := func(name, top, inner string) {
		root := tree(t, append(slices.Clone(files), ".gitignore="+top, "x/.gitignore="+inner)...)
		if out, err := exec.Command("git", "-C", root, "init", "-q").CombinedOutput(); err != nil {
			t.Skipf("git init: %v\n%s", err, out)
		}
		git := exec.Command("git", "-C", root, "-c", "core.excludesFile=", "ls-files", "-z", "--others", "--exclude-standard")
		out, err := git.Output()
		if err != nil {
			t.Fatal(err)
		}
		want := strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
		if len(out) == 0 {
			want = nil
		}
		slices.Sort(want)
		if got := paths(t, root, Options{Ignore: true, Types: []Type{File}}); !slices.Equal(got, want) {
			t.Errorf("%s: .gitignore %q, x/.gitignore %q:\nours %q\n git %q", name, top, inner, got, want)
		}
	}
	check("none", "", "")
	for _, r := range rules {
		check("one", r+"\n", "")
	}
	random := rand.New(rand.NewPCG(1, 1))
	for i := range 40 {
		pick := func() string {
			var lines []string
			for range random.IntN(4) {
				lines = append(lines, rules[random.IntN(len(rules))])
			}
			return strings.Join(lines, "\n")
		}
		check(fmt.Sprint("random ", i), pick(), pick())
	}
}

// TestIgnoreAbove: a walk that begins inside a repository knows the rules above it.
func TestIgnoreAbove(t *testing.T) {
	root := tree(t, ".git/info/exclude=e\n", ".gitignore=*.o\n/x/y/z\nx/q\n", "x/.gitignore=!k.o\n", "x/y/a.o", "x/y/k.o", "x/y/z", "x/y/e", "x/y/ok", "x/q")
	if got := paths(t, filepath.Join(root, "x"), Options{Ignore: true, Types: []Type{File}}); !slices.Equal(got, []string{".gitignore", "y/k.o", "y/ok"}) {
		t.Errorf("from x: %q", got)
	}
}

func TestConditions(t *testing.T) {
	root := tree(t, "small=1", "large="+strings.Repeat("x", 2000), "d/e/old=12345", "d/f.tar.gz=z")
	old := time.Now().Add(-72 * time.Hour)
	if err := os.Chtimes(filepath.Join(root, "d", "e", "old"), old, old); err != nil {
		t.Fatal(err)
	}
	five, thousand := int64(5), int64(1000)
	for _, c := range []struct {
		o    Options
		want string
	}{
		{Options{}, "d d/e d/e/old d/f.tar.gz large small"},
		{Options{Types: []Type{Folder}}, "d d/e"},
		{Options{Types: []Type{Folder, File}, Globs: globs(t, "d/*", "l*")}, "d/e d/f.tar.gz large"},
		{Options{Exts: []string{"gz"}}, "d/f.tar.gz"},
		{Options{Exts: []string{"tar.gz", "x"}}, "d/f.tar.gz"},
		{Options{MinSize: &thousand}, "large"},
		{Options{MaxSize: &thousand, MinSize: &five}, "d/e/old"},
		{Options{MinSize: &five, MaxSize: &five}, "d/e/old"},
		{Options{Newer: time.Now().Add(-48 * time.Hour), Types: []Type{File}}, "d/f.tar.gz large small"},
	} {
		if got := strings.Join(paths(t, root, c.o), " "); got != c.want {
			t.Errorf("%+v: %s, want %s", c.o, got, c.want)
		}
	}
}

// TestLinks: circles end, links that lead nowhere are links.
func TestLinks(t *testing.T) {
	root := tree(t, "a/b/f", "other/g")
	for name, to := range map[string]string{"a/b/up": "../..", "a/self": "self", "a/gone": "nowhere", "a/to": "../other", "a/file": "b/f"} {
		if err := os.Symlink(filepath.FromSlash(to), filepath.Join(root, filepath.FromSlash(name))); err != nil {
			t.Skipf("this system makes no links: %v", err)
		}
	}
	if got := strings.Join(paths(t, root, Options{Types: []Type{Link}}), " "); got != "a/b/up a/file a/gone a/self a/to" {
		t.Errorf("links: %s", got)
	}
	got := paths(t, root, Options{Follow: true, Types: []Type{File}})
	for _, want := range []string{"a/b/f", "other/g", "a/to/g", "a/file"} {
		if !slices.Contains(got, want) {
			t.Errorf("following links: %s is not in %q", want, got)
		}
	}
	if len(got) > 20 {
		t.Errorf("following links: in circles: %q", got)
	}
}

// TestUnreadable: a folder that may not be read is told, the rest is found.
func TestUnreadable(t *testing.T) {
	if !testuser.Bound(t) {
		return
	}
	root := tree(t, "a/f", "shut/g", "z/h")
	if err := os.Chmod(filepath.Join(root, "shut"), 0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(filepath.Join(root, "shut"), 0o755) })
	var told []string
	list, err := All(context.Background(), root, Options{Types: []Type{File}, OnError: func(path string, err error) {
		if !errors.Is(err, fs.ErrPermission) {
			t.Errorf("%s: %v", path, err)
		}
		told = append(told, filepath.Base(path))
	}})
	if err != nil || len(list) != 2 || !slices.Equal(told, []string{"shut"}) {
		t.Errorf("%v, %v, told of %v", list, err, told)
	}
}

// TestNames: names of any bytes, where the system has them.
func TestNames(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux lets names be any bytes")
	}
	root := tree(t, "caf\xe9.wav", "\xff/\xfe.wav", "new\nline.wav")
	if got := paths(t, root, Options{Exts: []string{"wav"}}); !slices.Equal(got, []string{"caf\xe9.wav", "new\nline.wav", "\xff/\xfe.wav"}) {
		t.Errorf("%q", got)
	}
	if got := paths(t, root, Options{Globs: globs(t, "caf?.wav", "?/[\xfe].wav")}); !slices.Equal(got, []string{"caf\xe9.wav", "\xff/\xfe.wav"}) {
		t.Errorf("%q", got)
	}
}

func TestEnds(t *testing.T) {
	root := tree(t, "a", "b", "c/d")
	stop := errors.New("stop")
	if err := Walk(context.Background(), root, Options{}, func(Entry) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("visit's error: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := All(ctx, root, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if _, err := All(context.Background(), filepath.Join(root, "none"), Options{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no folder: %v", err)
	}
	if _, err := All(context.Background(), filepath.Join(root, "a"), Options{}); err == nil {
		t.Error("a file was walked")
	}
	for _, bad := range []string{"", "/a", strings.Repeat("*", MaxGlob+1)} {
		if _, err := ParseGlob(bad); err == nil {
			t.Errorf("the pattern %.20q is fine", bad)
		}
	}
}

// TestKinds has each CPython write profiles and pickles, and knows them from others.
func TestKinds(t *testing.T) {
	root := tree(t, "t.txt=héllo\n", "empty=", "nul=a\x00b", "w.wav=RIFF\x24\x00\x00\x00WAVEfmt ", "p.png=\x89PNG\r\n\x1a\n\x00", "j.jpg=\xff\xd8\xff\xe0", "m.mp3=ID3\x04",
		"v.avi=RIFF\x24\x00\x00\x00AVI ", "n.npy=\x93NUMPY\x01\x00", "z.npz=PK\x03\x04"+strings.Repeat("\x00", 22)+"\x05\x00\x00\x00x.npy", "z.zip=PK\x03\x04"+strings.Repeat("\x00", 22)+"\x05\x00\x00\x00x.txt",
		"cut="+strings.Repeat("x", headSize-1)+"é", "brace={not a profile}", "latin=caf\xe9\n")
	const code = `
import cProfile, os, pickle, sys
p = cProfile.Profile()
p.runcall(sorted, [3, 1, 2])
p.dump_stats(os.path.join(sys.argv[1], "py.prof"))
for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
    for i, value in enumerate([None, 1, [1, "two"], {"a": b"x" * 1000}]):
        with open(os.path.join(sys.argv[1], "%d-%d.pkl" % (protocol, i)), "wb") as f:
            pickle.dump(value, f, protocol)
`
	for _, py := range testpy.Some(t) {
		testpy.Run(t, py, code, root)
		pickles := paths(t, root, Options{Kinds: []Kind{Pickle}})
		written := paths(t, root, Options{Exts: []string{"pkl"}})
		if !slices.Equal(pickles, written) || len(written) < 12 {
			t.Errorf("CPython %s: pickles are %q, of %q", py.Version, pickles, written)
		}
		if got := paths(t, root, Options{Kinds: []Kind{Profile}}); !slices.Equal(got, []string{"py.prof"}) {
			t.Errorf("CPython %s: profiles are %q", py.Version, got)
		}
	}
	for kind, want := range map[Kind]string{Text: "brace cut empty t.txt", Audio: "m.mp3 w.wav", Image: "j.jpg p.png", Npy: "n.npy z.npz"} {
		if got := strings.Join(paths(t, root, Options{Kinds: []Kind{kind}}), " "); got != want {
			t.Errorf("%s: %s, want %s", kind, got, want)
		}
	}
	if _, err := ParseKind("vidio"); err == nil {
		t.Error("any kind is fine")
	}
}
