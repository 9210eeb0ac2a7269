package remote

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// Image opens the file that m maps, which must be one of maps. The file is opened as
// the process sees it, so containers and files whose names are gone are no obstacle.
func (p *Process) Image(m Mapping, maps []Mapping) (*Image, error) {
	parts := slices.Clone(maps)
	parts = slices.DeleteFunc(parts, func(o Mapping) bool { return o.Path != m.Path || o.Inode != m.Inode })
	file, err := p.openMapped(m)
	if err != nil {
		return nil, fmt.Errorf("opening %s of process %d: %w", m.Path, p.pid, err)
	}
	return newImage(m.Path, file, parts)
}

// openMapped tries the name under the process's own root, then the mapping itself,
// which works without a name but needs more rights.
func (p *Process) openMapped(m Mapping) (*os.File, error) {
	exe := filepath.Join(p.root, "exe")
	if target, err := os.Readlink(exe); err == nil && target == m.Path {
		return os.Open(exe)
	}
	if !m.Deleted {
		if file, err := os.Open(filepath.Join(p.root, "root", m.Path)); err == nil {
			return file, nil
		}
	}
	return os.Open(filepath.Join(p.root, "map_files", fmt.Sprintf("%x-%x", m.Start, m.End)))
}
