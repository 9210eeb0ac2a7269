package store_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/cantil-py/cantil/internal/store"
)

// git runs the real git, which says what ReadGit must find.
func git(t *testing.T, dir string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("no git to compare with (Debian: apt-get install git)")
	}
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@b", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@b",
		"GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

func TestReadGitAgreesWithGit(t *testing.T) {
	top, err := filepath.EvalSymlinks(t.TempDir())
	must(t, err)
	repo, tree, module := filepath.Join(top, "repo"), filepath.Join(top, "tree"), filepath.Join(top, "repo", "module")
	mkdir(t, repo, "a/b")
	git(t, repo, "init", "-q", "-b", "main")
	if got, ok := store.ReadGit(repo); !ok || got != (store.Git{Root: repo, Branch: "main"}) {
		t.Errorf("before the first commit: %+v", got)
	}
	compare := func(when, dir, branch string) {
		t.Helper()
		want := store.Git{Root: git(t, dir, "rev-parse", "--show-toplevel"), Commit: git(t, dir, "rev-parse", "HEAD"), Branch: branch}
		if got, ok := store.ReadGit(dir); !ok || got != want {
			t.Errorf("%s: got %+v, git says %+v", when, got, want)
		}
	}
	git(t, repo, "commit", "-q", "--allow-empty", "-m", "one")
	compare("a loose ref", repo, "main")
	compare("a folder below", filepath.Join(repo, "a", "b"), "main")
	t.Chdir(filepath.Join(repo, "a"))
	if got, ok := store.ReadGit("."); !ok || got.Root != repo {
		t.Errorf("a relative folder: %+v", got)
	}
	git(t, repo, "branch", "main2")
	git(t, repo, "pack-refs", "--all")
	compare("a packed ref", repo, "main")
	git(t, repo, "commit", "-q", "--allow-empty", "-m", "two")
	compare("a packed ref with a newer loose one", repo, "main")
	git(t, repo, "worktree", "add", "-q", "-b", "feature/x", tree)
	compare("a worktree", tree, "feature/x")
	git(t, repo, "pack-refs", "--all")
	compare("a worktree, packed", tree, "feature/x")
	git(t, repo, "checkout", "-q", "--detach", "main2")
	compare("a detached head", repo, "")
	git(t, repo, "-c", "protocol.file.allow=always", "submodule", "add", "-q", repo, module)
	git(t, module, "checkout", "-q", "-B", "sub")
	compare("a submodule", module, "sub")
}

func TestReadGitOfDamagedOrHostileFiles(t *testing.T) {
	for name, head := range map[string]string{
		"empty": "", "garbage": "\x00\xff", "outside": "ref: ../../../../etc/passwd\n", "missing": "ref: refs/heads/none\n",
		"reftable": "ref: refs/heads/.invalid\n", "long": strings.Repeat("a", 1<<20),
	} {
		dir := t.TempDir()
		mkdir(t, dir, ".git")
		must(t, os.WriteFile(filepath.Join(dir, ".git", "HEAD"), []byte(head), 0o644))
		if got, ok := store.ReadGit(dir); !ok || got.Commit != "" || got.Root != dir {
			t.Errorf("%s: %+v, %v", name, got, ok)
		}
	}
}

func TestReadGitIsQuick(t *testing.T) {
	dir := t.TempDir()
	mkdir(t, dir, ".git")
	var packed strings.Builder
	for range 20_000 {
		packed.WriteString(strings.Repeat("0", 40) + " refs/tags/one-of-very-many\n")
	}
	packed.WriteString(strings.Repeat("1", 40) + " refs/heads/main\n")
	must(t, os.WriteFile(filepath.Join(dir, ".git", "packed-refs"), []byte(packed.String()), 0o644))
	must(t, os.WriteFile(filepath.Join(dir, ".git", "HEAD"), []byte("ref: refs/heads/main\n"), 0o644))
	best := time.Hour
	for range 20 {
		began := time.Now()
		got, _ := store.ReadGit(dir)
		best = min(best, time.Since(began))
		if got.Commit != strings.Repeat("1", 40) {
			t.Fatalf("%+v", got)
		}
	}
	t.Logf("20,000 packed refs: %s", best)
	if best > 20*time.Millisecond {
		t.Errorf("reading 20,000 packed refs took %s", best)
	}
}

func BenchmarkReadGit(b *testing.B) {
	for range b.N {
		if _, ok := store.ReadGit("."); !ok {
			b.Skip("not in a git repository")
		}
	}
}
