package argspec

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/cantil-py/cantil/durable"
)

const (
	// maxEntry bounds a description in the cache; one of a thousand options has about 1 MiB.
	maxEntry = maxAnswer
	// maxHashed bounds what is read to tell whether a program has changed. Larger programs are described anew each time.
	maxHashed = 64 << 20
	// maxEntries is how many descriptions are kept, of some 10 KiB each; the oldest go.
	maxEntries = 500
)

// Cache keeps descriptions in a folder, and gives them back while the program is the same: the content of its files, the Python, the search path.
type Cache struct{ Dir string }

// entry is one file of the cache.
type entry struct {
	Format int               `json:"format"`
	Hashes map[string]string `json:"hashes"` // of each file of the program, SHA-256
	Python string            `json:"python"` // size and time of the interpreter
	Spec   json.RawMessage   `json:"spec"`
}

// Read is [Read], but for a program that has not changed it starts no Python. known tells that it did not. A cache that cannot be written to is none.
func (c Cache) Read(ctx context.Context, p Program) (spec *Spec, known bool, err error) {
	if spec, err := c.Lookup(p); err == nil {
		return spec, true, nil
	}
	p.Home = filepath.Join(c.Dir, "boot")
	data, err := p.ask(ctx, "describe", nil, 0)
	if err != nil {
		return nil, false, err
	}
	if spec, err = parse(data); err != nil {
		return nil, false, err
	}
	_ = c.keep(p, spec, data) // the answer is there all the same
	return spec, false, nil
}

// Lookup is the description in the cache. The error is fs.ErrNotExist where there is none, or the program has changed.
func (c Cache) Lookup(p Program) (*Spec, error) {
	path := c.path(p)
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxEntry))
	if err != nil {
		return nil, err
	}
	var e entry
	if err := json.Unmarshal(data, &e); err != nil || e.Format != specFormat {
		return nil, fmt.Errorf("%s: %w", path, os.ErrNotExist) // of another cantil, or damaged
	}
	if e.Python != stamp(p.Python) || !unchanged(e.Hashes) {
		return nil, fmt.Errorf("%s has changed: %w", p.Name, os.ErrNotExist)
	}
	return parse(e.Spec)
}

// path is where the description of a program stands.
func (c Cache) path(p Program) string {
	dir, err := filepath.Abs(p.Dir)
	if err != nil {
		dir = p.Dir
	}
	where := p.Name
	if !p.Module && !filepath.IsAbs(where) {
		where = filepath.Join(dir, where)
	}
	if !p.Module {
		dir = "" // a script is the same from everywhere, but for its name in the usage
	}
	key := sha256.Sum256(fmt.Appendf(nil, "%d\x00%s\x00%t\x00%s\x00%s\x00%s\x00%t\x00%s",
		specFormat, p.Python, p.Module, where, dir, p.Name, p.TwoStage, variable(p.Env, "PYTHONPATH")))
	return filepath.Join(c.Dir, hex.EncodeToString(key[:12])+".json")
}

func variable(env []string, name string) string {
	if env == nil {
		return os.Getenv(name)
	}
	for _, v := range slices.Backward(env) {
		if value, ok := strings.CutPrefix(v, name+"="); ok {
			return value
		}
	}
	return ""
}

func (c Cache) keep(p Program, spec *Spec, data []byte) error {
	hashes := map[string]string{}
	left := int64(maxHashed)
	for _, path := range spec.Files {
		sum, size, err := hashOf(path, left)
		if err != nil {
			return err
		}
		hashes[path], left = sum, left-size
	}
	if len(hashes) == 0 {
		return errors.New("keeping a description: it has no files to tell a change by")
	}
	if err := c.prune(); err != nil {
		return err
	}
	return durable.WriteSoon(c.path(p), func(w io.Writer) error {
		return json.NewEncoder(w).Encode(entry{specFormat, hashes, stamp(p.Python), data})
	})
}

// prune removes the oldest descriptions where there are too many.
func (c Cache) prune() error {
	paths, err := filepath.Glob(filepath.Join(c.Dir, "*.json"))
	if err != nil || len(paths) < maxEntries {
		return err
	}
	age := func(path string) time.Time {
		info, err := os.Stat(path)
		if err != nil {
			return time.Time{}
		}
		return info.ModTime()
	}
	slices.SortFunc(paths, func(a, b string) int { return age(a).Compare(age(b)) })
	for _, path := range paths[:len(paths)-maxEntries+1] {
		if err := os.Remove(path); err != nil {
			return err
		}
	}
	return nil
}

func unchanged(hashes map[string]string) bool {
	left := int64(maxHashed)
	for path, want := range hashes {
		got, size, err := hashOf(path, left)
		if err != nil || got != want {
			return false
		}
		left -= size
	}
	return len(hashes) > 0
}

// hashOf is the hash of a file of at most limit bytes, and its size.
func hashOf(path string, limit int64) (sum string, size int64, err error) {
	file, err := os.Open(path)
	if err != nil {
		return "", 0, err
	}
	defer file.Close()
	hash := sha256.New()
	size, err = io.Copy(hash, io.LimitReader(file, limit+1))
	if err == nil && size > limit {
		err = fmt.Errorf("%s is larger than %d MiB", path, maxHashed>>20)
	}
	return hex.EncodeToString(hash.Sum(nil)), size, err
}

// stamp tells one installation of Python from the next at the same place.
func stamp(path string) string {
	info, err := os.Stat(path)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%d %d", info.Size(), info.ModTime().UnixNano())
}

// Forget removes the description of a program from the cache, if it is there.
func (c Cache) Forget(p Program) error {
	err := os.Remove(c.path(p))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}
