package cpython

// callScan follows the instructions of a function in their order and keeps, for what
// lies on the stack, the name that it was loaded by. Wherever another way through the
// code might lead, it forgets all: then a call has no name, but never a wrong one.
type callScan struct {
	minor   int
	opcodes *[256]opcode
	names   []string
	stack   []string // "" is something without a name
	targets map[int]bool
	found   map[int]string // by offset of the call
}

func (s *callScan) scan(code []byte) {
	s.targets = map[int]bool{}
	s.each(code, func(_, next, arg int, o *opcode) {
		if target, jumps := s.target(o, next, arg); jumps {
			s.targets[target] = true
		}
	})
	s.each(code, s.step)
}

// each calls do for every instruction but for those that extend an argument, up to one
// that is not known, or that a tracer has put in the place of another: nobody can tell
// where the next begins.
func (s *callScan) each(code []byte, do func(at, next, arg int, o *opcode)) {
	extended := 0
	for at := 0; at+1 < len(code); {
		number, arg := code[at], extended<<8|int(code[at+1])
		o := &s.opcodes[number]
		next := at + 2 + 2*o.caches
		if o.role == anyRole {
			return
		}
		if extended = 0; s.extends(number) {
			extended = arg & 0xffffff
		} else {
			do(at, next, arg, o)
		}
		at = next
	}
}

// extends says whether it is EXTENDED_ARG.
func (s *callScan) extends(number byte) bool {
	switch s.minor {
	case 13:
		return number == 71
	case 14:
		return number == 69
	}
	return number == 144
}

// target is where an instruction may jump to.
func (s *callScan) target(o *opcode, next, arg int) (int, bool) {
	if s.minor >= 10 {
		arg *= 2 // it counts code units
	}
	switch o.kind {
	case "forward":
		return next + arg, true
	case "back":
		return next - arg, true
	case "absolute":
		return arg, true
	}
	return 0, false
}

// step does to the stack what an instruction does.
func (s *callScan) step(at, next, arg int, o *opcode) {
	if s.targets[at] {
		s.stack = s.stack[:0]
	}
	switch o.kind {
	case "name":
		s.load(arg, false)
	case "global":
		s.load(arg, s.minor >= 11)
	case "attr":
		s.drop(1)
		s.load(arg, s.minor >= 12)
	case "method":
		s.drop(1)
		name := s.name(arg)
		s.stack = append(s.stack, name, name)
	case "precall", "call", "methodcall", "kwcall", "excall":
		s.call(at, arg, o)
	case "forward", "back", "absolute", "end", "?", "":
		s.stack = s.stack[:0]
	default:
		s.plain(o.adds+arg*o.each, arg, o.kind == "shuffle")
	}
}

// load pushes a name. Where the argument's lowest bit says so, what is called with it,
// nothing or an object, is pushed as well, from 3.13 on after it.
func (s *callScan) load(arg int, flagged bool) {
	pair := flagged && arg&1 == 1
	if flagged {
		arg >>= 1
	}
	name := s.name(arg)
	if s.stack = append(s.stack, name); pair {
		s.stack = append(s.stack, name)
	}
}

func (s *callScan) name(i int) string {
	if i < len(s.names) {
		return s.names[i]
	}
	return ""
}

// drop takes n from the stack.
func (s *callScan) drop(n int) { s.stack = s.stack[:max(0, len(s.stack)-n)] }

// at is the name that lies so deep.
func (s *callScan) at(deep int) string {
	if deep > len(s.stack) {
		return ""
	}
	return s.stack[len(s.stack)-deep]
}

// call notes the name of what is called, below the arguments; from 3.11 on, and for
// methods, it has two places.
func (s *callScan) call(at, arg int, o *opcode) {
	arguments, places := arg, 1
	switch o.kind {
	case "kwcall":
		arguments++ // their names
	case "excall":
		arguments = 1 + arg&1
		if s.minor >= 14 {
			arguments = 2
		}
	}
	if s.minor >= 11 || o.kind == "methodcall" {
		places = 2
	}
	name := s.at(arguments + 1)
	if name == "" && places == 2 {
		name = s.at(arguments + 2)
	}
	if name != "" && !o.python {
		s.found[at] = name
	}
	if o.kind != "precall" {
		s.drop(arguments + places)
		s.stack = append(s.stack, "")
	}
}

// plain does what is known by its effect on the height alone: the uppermost is new.
func (s *callScan) plain(effect, arg int, shuffled bool) {
	if effect < 0 {
		s.drop(-effect)
	}
	for range effect {
		s.stack = append(s.stack, "")
	}
	changed := 1
	if shuffled {
		changed = 4 + arg
	}
	for i := 1; i <= min(changed, len(s.stack)); i++ {
		s.stack[len(s.stack)-i] = ""
	}
}
