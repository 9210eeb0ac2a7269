package sampler

import (
	"slices"
	"time"
)

// family is a process and those that it has started, as far as they are Pythons.
type family struct {
	root     *member
	members  []*member
	children bool // wanted
	looked   time.Time
	young    map[int]time.Time // children that are no Python yet, by when they were met
}

// youth is how long a new process may take to become Python: shells and version
// managers' shims stand in front of it.
const youth = 10 * time.Second

// maxMembers bounds the processes sampled together: a fork bomb must not become ours.
const maxMembers = 1024

func newFamily(root *member, children bool) *family {
	return &family{root: root, members: []*member{root}, children: children, young: map[int]time.Time{}}
}

// grow takes in new children, if it is time to look for them, and returns all.
func (f *family) grow(now time.Time) []*member {
	if !f.children || now.Sub(f.looked) < familyEvery {
		return f.members
	}
	f.looked = now
	for _, pid := range f.newborn() {
		met, seen := f.young[pid]
		if !seen {
			met = now
			f.young[pid] = now
		}
		if now.Sub(met) > youth || len(f.members) >= maxMembers {
			continue
		}
		if m, err := openMember(pid, f.root.native); err == nil {
			f.members = append(f.members, m)
			delete(f.young, pid)
		}
	}
	return f.members
}

// newborn lists the descendants that are not sampled.
func (f *family) newborn() []int {
	var found []int
	queue := []int{f.root.pid}
	for _, m := range f.members[min(1, len(f.members)):] {
		queue = append(queue, m.pid) // orphans have another parent now
	}
	seen := map[int]bool{}
	for len(queue) > 0 && len(seen) < 16*maxMembers {
		pid := queue[0]
		queue = queue[1:]
		if seen[pid] {
			continue
		}
		seen[pid] = true
		if !slices.ContainsFunc(f.members, func(m *member) bool { return m.pid == pid }) && pid != f.root.pid {
			found = append(found, pid)
		}
		queue = append(queue, childrenOf(pid)...)
	}
	return found
}

// remove closes a process that has ended.
func (f *family) remove(m *member) {
	m.close()
	f.members = slices.DeleteFunc(slices.Clone(f.members), func(o *member) bool { return o == m })
}

func (f *family) close() {
	for _, m := range f.members {
		m.close()
	}
	f.members = nil
}
