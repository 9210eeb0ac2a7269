package cpython

// A frame is copied a moment after the one below it, and a thread is often caught between
// two functions. What tells then which frames are alive is where each of them stands: a
// caller at a call, and what has ended where it returned or raised.

// role is what an instruction can do to the stack.
type role uint8

const (
	anyRole role = iota // nothing is known
	enters              // may run a function in Python in the same loop of the interpreter
	resumes             // may run a generator in the same loop (from 3.12 on)
	quiet               // runs no other code at all
	leaves              // returns or raises
	other               // none of these
)

// roleOf is the role that the tables have a name for.
func roleOf(name string) role {
	switch name {
	case "any":
		return anyRole
	case "enters":
		return enters
	case "resumes":
		return resumes
	case "quiet":
		return quiet
	case "leaves":
		return leaves
	}
	return other
}

// role is that of the instruction where a function stands; of its cache entries as well,
// for where callers stand differs between versions.
func (t *Target) role(c *code, instr uint64) role {
	if c.roles == nil {
		c.roles = t.readRoles(c)
	}
	if unit := (instr - c.bytes) / 2; unit < uint64(len(c.roles)) {
		return c.roles[unit]
	}
	return anyRole
}

func (t *Target) readRoles(c *code) []role {
	instructions := t.instructions(c)
	roles := make([]role, len(instructions)/2)
	if c.shim {
		return roles
	}
	scan := callScan{minor: t.layout.minor, opcodes: t.table()}
	scan.each(instructions, func(at, next, _ int, o *opcode) {
		for ; at < min(next, 2*len(roles)); at += 2 {
			roles[at/2] = o.role
		}
	})
	return roles
}

// between is the place of the innermost frame where none that is listed above the one at
// executing does execute, but the thread names a higher one (until 3.13). The stack top of
// a frame is stored when it calls a function and when it leaves its own; so the first that
// has left ends the stack. Of those that an exception has ended the thread names none.
func (r *Reader) between(executing, named int) int {
	if r.t.layout.frameStackTop < 0 || named <= executing || executing >= 0 && !r.frames[executing+1].entered {
		return executing
	}
	at := executing
	for at < named && r.t.role(r.frames[at+1].code, r.frames[at+1].instr) != leaves {
		at++
	}
	return at
}

// unbroken is the place of the last frame that all called each other without a way
// through C or a generator.
func (r *Reader) unbroken() int {
	at := 0
	for at+1 < len(r.frames) && !r.frames[at+1].entered {
		at++
	}
	return at
}

// way is how what is on top of a frame came to run.
type way uint8

const (
	byCall   way = iota // a function in Python, called in the same loop of the interpreter
	byResume            // a generator, in the same loop
	byC                 // by way of C
)

// fits says whether what is on top of a frame can have come to run from an instruction.
func (w way) fits(r role) bool {
	return r == anyRole || w == byC || w == byCall && r == enters || w == byResume && r == resumes
}

// wayUp is how a frame outside of the chunks came to run.
func (l *layout) wayUp(frame []byte) way {
	if l.minor < 12 || frame[l.frameOwner] >= cStackOwner {
		return byC // in 3.11 generators are resumed by C
	}
	return byResume
}

// calling is the place of the first frame up to the one at place at that cannot have
// called the next: it was running when it was copied, and those above have come since.
func (r *Reader) calling(at int) int {
	i := min(at, r.kept.calling)
	for ; i < at; i++ {
		if f := &r.frames[i]; !r.frames[i+1].entered && !byCall.fits(r.t.role(f.code, f.instr)) {
			break
		}
	}
	r.kept.calling = max(0, i)
	return i
}

// resuming says whether the frame at place at can have led to the one outside of the
// chunks at addr, or has gone on since.
func (r *Reader) resuming(at int, addr uint64) bool {
	l := r.t.layout
	if at < 0 {
		return true
	}
	f, up := &r.frames[at], byC
	for addr != f.addr {
		e := r.extras.find(addr, l.frameSize)
		if e == nil {
			return false
		}
		up, addr = l.wayUp(e.before), word(e.before, l.framePrevious)
	}
	role := r.t.role(f.code, f.instr)
	return up.fits(role) && role != quiet
}
