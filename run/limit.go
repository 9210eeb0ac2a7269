package run

// Limits bound what a program may use. Linux only.
type Limits struct {
	CPUs   []int // the processors that it may run on, as the system counts them; none: all of ours
	Memory int64 // bytes that each of its processes may have to write to (RLIMIT_DATA); 0: as many as ours
}

// Wanted says whether there is any limit.
func (l Limits) Wanted() bool { return len(l.CPUs) > 0 || l.Memory > 0 }
