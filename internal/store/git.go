package store

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Git is the state of the repository around a run. Whether files were changed since the commit is
// not told: finding out means reading every file's state, which takes git seconds in a large repository.
type Git struct {
	Root   string `json:"root"`             // of the working tree
	Commit string `json:"commit,omitempty"` // hexadecimal; none before the first commit
	Branch string `json:"branch,omitempty"` // none when HEAD is detached
}

const (
	// maxLine bounds HEAD, a ref, a .git file, the kernel's: a line each.
	maxLine = 64 << 10
	// maxPackedRefs allows some 500,000 branches and tags.
	maxPackedRefs = 64 << 20
)

// ReadGit reads the commit of the repository around dir from git's own files, without running
// git. It is false outside a repository. Where the refs are kept in a form not known (reftable), Commit is "".
func ReadGit(dir string) (Git, bool) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return Git{}, false
	}
	root, ok := ancestorWith(dir, isGitRoot)
	if !ok {
		return Git{}, false
	}
	gitDir := followFile(filepath.Join(root, ".git"), "gitdir: ")
	common := gitDir
	if named, ok := readLine(filepath.Join(gitDir, "commondir")); ok { // a worktree has HEAD of its own, refs in common
		common = relativeTo(gitDir, named)
	}
	git := Git{Root: root}
	head, ok := readLine(filepath.Join(gitDir, "HEAD"))
	if !ok {
		return git, true
	}
	ref, isRef := strings.CutPrefix(head, "ref: ")
	if !isRef {
		git.Commit = hash(head)
		return git, true
	}
	if !filepath.IsLocal(ref) {
		return git, true
	}
	git.Branch = strings.TrimPrefix(ref, "refs/heads/")
	git.Commit = resolve(ref, gitDir, common)
	return git, true
}

// resolve finds the commit of a ref: loose in the worktree's folder, loose in the common one, packed.
func resolve(ref, gitDir, common string) string {
	for _, dir := range []string{gitDir, common} {
		if line, ok := readLine(filepath.Join(dir, filepath.FromSlash(ref))); ok {
			return hash(line)
		}
	}
	packed, err := readUpTo(filepath.Join(common, "packed-refs"), maxPackedRefs)
	if err != nil {
		return ""
	}
	at := bytes.Index(packed, []byte(" "+ref+"\n"))
	if at < 0 {
		return ""
	}
	return hash(string(packed[bytes.LastIndexByte(packed[:at], '\n')+1 : at]))
}

// followFile returns the folder that a .git file names; .git itself where that is the folder.
func followFile(path, prefix string) string {
	line, ok := readLine(path)
	if !ok {
		return path
	}
	return relativeTo(filepath.Dir(path), strings.TrimPrefix(line, prefix))
}

func relativeTo(dir, path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(dir, path)
}

// readLine returns a file's first line; false for what is no file.
func readLine(path string) (string, bool) {
	content, err := readUpTo(path, maxLine)
	if err != nil {
		return "", false
	}
	line, _, _ := strings.Cut(string(content), "\n")
	return strings.TrimSpace(line), true
}

func readUpTo(path string, most int64) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, most))
}

// hash returns text if it is the name of a commit: 40 digits, or 64 for SHA-256.
func hash(text string) string {
	if len(text) != 40 && len(text) != 64 || strings.Trim(text, "0123456789abcdef") != "" {
		return ""
	}
	return text
}
