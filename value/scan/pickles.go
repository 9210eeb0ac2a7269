package scan

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/cantil-py/cantil/value"
	"github.com/cantil-py/cantil/value/pickle"
)

// Pickles scans all pickles in r, which follow each other to its end.
func Pickles(r io.Reader, opts Options) (*Report, error) {
	report := &Report{}
	s := &stream{opts: opts, report: report}
	return report, s.scan(r)
}

// Watch returns what a [pickle.Decoder]'s Watch may be set to: it adds what the decoder
// comes across to the report, for who decodes anyway.
func (r *Report) Watch(opts Options) func(pickle.Event) {
	return (&stream{opts: opts, report: r}).judge
}

// stream is one sequence of pickles: a file, or a member of an archive.
type stream struct {
	opts   Options
	report *Report
	inside string
}

// legacyMagic begins what torch.save wrote before it wrote zip files; there, raw numbers
// follow the fifth pickle.
const legacyMagic = "119547037146038801333356"

func isLegacy(v value.Value) bool {
	i, ok := v.(value.BigInt)
	return ok && i.X.BitLen() < 128 && i.String() == legacyMagic
}

// Bounds on what is judged: what is larger is malformed, never clean.
const (
	maxPickles = 1 << 20 // of one stream
	// MaxOpcodes of one pickle: a hundred million floats. Each may take some 60 bytes.
	MaxOpcodes = 1 << 27
)

// readError keeps apart that the file cannot be read from that it is no pickle.
type readError struct {
	r   io.Reader
	err error
}

func (e *readError) Read(p []byte) (int, error) {
	n, err := e.r.Read(p)
	if err != nil && err != io.EOF {
		e.err = err
	}
	return n, err
}

// scan returns an error only if r itself fails; what is wrong in a pickle is a finding.
func (s *stream) scan(r io.Reader) error {
	source := &readError{r: r}
	d := pickle.NewDecoder(source)
	d.Watch, d.MaxOpcodes = s.judge, MaxOpcodes
	legacy := false
	for n := 0; ; n++ {
		at := d.Offset()
		v, err := d.Value()
		switch {
		case err == io.EOF && n > 0 || legacy && n == 5:
			return nil
		case source.err != nil && !isDamage(source.err):
			return source.err
		case err == io.EOF:
			s.malformed(0, "", "it is empty")
			return nil
		case err != nil:
			s.broken(at, n, err)
			return nil
		}
		s.report.Pickles++
		legacy = legacy || n == 0 && isLegacy(v)
		s.expansion(v)
		if n > maxPickles {
			s.malformed(at, "", fmt.Sprintf("more than %d pickles follow each other", maxPickles))
			return nil
		}
	}
}

// broken tells of an error in a pickle. What came before it was judged: Python would
// have run that.
func (s *stream) broken(at int64, n int, err error) {
	var syntax *pickle.SyntaxError
	why := err.Error()
	op := ""
	if errors.As(err, &syntax) {
		at, op, why = syntax.Offset, syntax.Op, syntax.Err.Error()
	}
	if n > 0 {
		why = "what follows a pickle is none: " + why
	}
	s.malformed(at, op, why)
}

func (s *stream) malformed(at int64, op, why string) {
	s.report.add(Finding{Verdict: Malformed, Inside: s.inside, Offset: at, Op: op, Why: why})
}

func (s *stream) find(e pickle.Event, v Verdict, name, why string) {
	if name != "" && s.opts.allows(name) {
		v, why = Known, "allowed by the user"
	}
	s.report.add(Finding{v, s.inside, e.Offset, e.Op, name, why})
}

// judge is told of everything at which Python would run something.
func (s *stream) judge(e pickle.Event) {
	switch e.Kind {
	case pickle.Imported:
		verdict, why := judgeName(e.Global)
		s.find(e, verdict, fullName(e.Global), why)
	case pickle.Made:
		s.report.calls++
		if !e.Known {
			s.judgeCall(e)
		}
	case pickle.Changed:
		s.report.calls++
		s.judgeChange(e)
	case pickle.Persisted:
		s.judgePersistent(e)
	case pickle.Extended:
		s.find(e, Unknown, "", fmt.Sprintf("names a class only by its number, %s, in the registry of the program that loads it", e.Value))
	case pickle.Misplaced:
		s.malformed(e.Offset, e.Op, "PROTO is not at the start, where picklers write it")
	}
}

// fullName is module and name even for builtins, as a user writes it for Allow.
func fullName(g value.Global) string { return g.Module + "." + g.Name }

// judgeCall judges a call that no recipe knows.
func (s *stream) judgeCall(e pickle.Event) {
	o := e.Object
	g, ok := o.Class.(value.Global)
	if !ok {
		s.find(e, Dangerous, "", fmt.Sprintf("calls a %s, which a pickler never does", o.ClassName()))
		return
	}
	args, _ := o.Args.(*value.Tuple)
	switch verdict, _ := judgeName(g); {
	case s.opts.allows(fullName(g)), verdict != Known:
		// The import has been judged: unknown stays unknown, dangerous dangerous.
	case args == nil || !harmlessCall(g, o, args.Items):
		s.find(e, Dangerous, fullName(g), "is called as no pickler calls it")
	}
}

// harmlessCall knows the calls that have no recipe because what they make has no type
// of its own.
func harmlessCall(g value.Global, o *value.Object, args []value.Value) bool {
	switch {
	case o.Making != value.Called:
		return false
	case g.Module == "copyreg" && g.Name == "_reconstructor":
		return len(args) == 3 && isGlobal(args[0]) && isBase(args[1], args[2])
	case g.Module == "copyreg": // of a class that was judged when it was imported
		class, ok := first(args).(value.Global)
		return ok && !pickle.KnownName(class) // those have recipes, and are never made in this way
	case isGetattr(g):
		return isBoundMethod(args)
	case g.Module == "numpy" && g.Name == "dtype": // of a class of its own, such as numpy.record
		return len(args) == 3 && isGlobal(args[0])
	case g.Name == "_reconstruct": // of a subclass, which was judged when it was imported
		return len(args) == 3 && isGlobal(args[0]) && args[0] != value.Value(value.Global{Module: "numpy", Name: "ndarray"})
	case isZoneInfo(g):
		return len(args) == 2 && isStr(args[0])
	case g.Module == "numpy.core.numeric" || g.Module == "numpy._core.numeric":
		_, outOfBand := first(args).(*value.Buffer)
		return len(args) == 4 && outOfBand
	case isTorch(g) && g.Module == "torch._utils":
		return tensorArgs(args)
	}
	return false
}

// isBase says whether a class with that base may be made of the value: a list of a list and
// so on, and of a class that is not known, which was judged, anything.
func isBase(base, v value.Value) bool {
	g, ok := base.(value.Global)
	if !ok || g.Module != "builtins" {
		return ok && !pickle.KnownName(g)
	}
	types := []string{g.Name}
	switch g.Name {
	case "object":
		types = []string{"NoneType"}
	case "set", "frozenset":
		types = []string{"list"}
	case "bytearray":
		types = []string{"bytes"}
	}
	return v != nil && slices.Contains(types, v.Type()) || !pickle.KnownName(g)
}

// isBoundMethod says whether args are an object of a class that was judged, and a name
// without underscores in front: so methods of objects are pickled.
func isBoundMethod(args []value.Value) bool {
	if len(args) != 2 {
		return false
	}
	_, isObject := args[0].(*value.Object)
	name, isName := args[1].(value.Str)
	return isObject && isName && name != "" && !strings.HasPrefix(string(name), "_") && !strings.Contains(string(name), ".")
}

func first(args []value.Value) value.Value {
	if len(args) == 0 {
		return nil
	}
	return args[0]
}

func isGlobal(v value.Value) bool { _, ok := v.(value.Global); return ok }
func isStr(v value.Value) bool    { _, ok := v.(value.Str); return ok }

// tensorArgs are of data alone: a storage, numbers, tuples of them, and hooks, of which
// there must be none.
func tensorArgs(args []value.Value) bool {
	for _, arg := range args {
		switch arg := arg.(type) {
		case *value.Persistent, value.Int, value.Bool, *value.Object:
		case *value.Tuple:
			if !tensorArgs(arg.Items) {
				return false
			}
		case *value.OrderedDict:
			if arg.Len() > 0 {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// judgeChange judges what only an object's own class knows the meaning of.
func (s *stream) judgeChange(e pickle.Event) {
	o := e.Object
	if o.Making != value.Kept {
		s.judgeState(e)
		s.judgeKnownObject(e)
		return
	}
	switch target := o.Class.(type) {
	case value.Global:
		s.find(e, Dangerous, fullName(target), "a class, function or module itself is changed")
	case *value.OrderedDict, *value.Counter, *value.DefaultDict, *value.Deque:
		s.find(e, Unknown, "", fmt.Sprintf("attributes are set on a %s", target.Type()))
		s.judgeState(e)
	default:
		s.find(e, Dangerous, "", fmt.Sprintf("a %s is changed as no pickler does", o.Class.Type()))
	}
}

// judgeKnownObject judges a change of what a known name makes, where the change is not
// known: else it would have become a value of its own.
func (s *stream) judgeKnownObject(e pickle.Event) {
	g, ok := e.Object.Class.(value.Global)
	if !ok || g.Module == "copyreg" { // there the class counts, which was judged when it was imported
		return
	}
	if verdict, _ := judgeName(g); verdict != Known {
		return
	}
	verdict := Dangerous
	if g.Module == "uuid" || isTorch(g) || isGetattr(g) || ofSubclass(g, e.Object) || e.Step == value.SetState && holdsList(e.Values[0]) {
		verdict = Unknown
	}
	s.find(e, verdict, fullName(g), "what it makes is given a state that is not known")
}

func isGetattr(g value.Global) bool { return g.Module == "builtins" && g.Name == "getattr" }

// ofSubclass says whether an object is an array, or a dtype, of a class of its own.
func ofSubclass(g value.Global, o *value.Object) bool {
	args, ok := o.Args.(*value.Tuple)
	if !ok || g.Name != "_reconstruct" && g.Name != "dtype" {
		return false
	}
	class := first(args.Items)
	return isGlobal(class) && class != value.Value(value.Global{Module: "numpy", Name: "ndarray"})
}

// holdsList says whether the state of an array ends in a list, as that of a structure
// with Python objects does.
func holdsList(state value.Value) bool {
	t, ok := state.(*value.Tuple)
	if !ok || len(t.Items) != 5 {
		return false
	}
	_, ok = t.Items[4].(*value.List)
	return ok
}

// judgeState looks for attributes that change what an object is.
func (s *stream) judgeState(e pickle.Event) {
	if e.Step != value.SetState {
		return
	}
	for _, d := range value.StateDicts(e.Values[0]) {
		for key := range d.All() {
			if name, ok := key.(value.Str); ok && hasPrivate(string(name)) {
				s.find(e, Dangerous, "", fmt.Sprintf("sets the attribute %s", name))
			}
		}
	}
}

// judgePersistent knows the storages of torch.
func (s *stream) judgePersistent(e pickle.Event) {
	id, ok := e.Value.(*value.Tuple)
	if ok && len(id.Items) >= 5 && id.Items[0] == value.Value(value.Str("storage")) {
		if g, ok := id.Items[1].(value.Global); ok && isTorch(g) && isStr(id.Items[2]) && isStr(id.Items[3]) {
			return
		}
	}
	s.find(e, Unknown, "", "refers to something kept elsewhere, which the program that loads it has to fetch")
}
