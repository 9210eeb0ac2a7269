package pickle

import (
	"bytes"
	"io"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/cantil-py/cantil/value"
)

// documented are the names that the package comment allows.
var documented = strings.Fields(`bytearray bytes complex frozenset range set slice Ellipsis NotImplemented
	bool dict float int list object str tuple
	collections.Counter collections.OrderedDict collections.defaultdict collections.deque
	datetime.date datetime.datetime datetime.time datetime.timedelta datetime.timezone
	decimal.Decimal fractions.Fraction uuid.UUID
	pathlib.PosixPath pathlib.PurePosixPath pathlib.WindowsPath pathlib.PureWindowsPath
	numpy.dtype numpy.ndarray numpy.core.multiarray._reconstruct numpy.core.multiarray.scalar numpy.core.numeric._frombuffer
	_codecs.encode copyreg._reconstructor`)

// oneOfEach is a list of values of all types that are data.
func oneOfEach(t *testing.T) *value.List {
	t.Helper()
	set, err1 := value.NewSet(value.Int(1))
	frozen, err2 := value.NewFrozenSet(value.Int(1))
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	f8, object := &value.DType{Text: "<f8", Size: 8}, &value.DType{Text: "|O", Size: 8}
	clock := value.Clock{Hour: 1, Minute: 2, Second: 3, Microsecond: 4}
	zone := &value.TimeZone{Offset: value.TimeDelta{Seconds: 3600}, Name: value.None}
	l := value.NewList(value.None, value.Ellipsis, value.NotImplemented, value.Bool(true), value.Int(1), value.BigInt{X: new(big.Int).Lsh(big.NewInt(1), 80)},
		value.Float(1), value.Complex(1i), value.Str("x"), value.Bytes("x"), value.Bytes(""), &value.ByteArray{Data: []byte("x")}, value.NewTuple(), new(value.Dict), set, frozen,
		new(value.OrderedDict), &value.DefaultDict{Factory: builtin("list")}, new(value.Counter), &value.Deque{MaxLen: value.Int(3)},
		value.Range{Start: value.Int(0), Stop: value.Int(1), Step: value.Int(1)}, &value.Slice{Start: value.None, Stop: value.None, Step: value.None},
		value.Date{Year: 2020, Month: 1, Day: 2}, &value.Time{Clock: clock, Zone: zone}, &value.DateTime{Date: value.Date{Year: 2020, Month: 1, Day: 2}, Clock: clock, Zone: value.None},
		value.TimeDelta{Days: 1}, value.Decimal("1.5"), value.Fraction{X: big.NewRat(1, 2)}, value.UUID{1}, f8, object,
		&value.Array{DType: f8, Shape: []int{1}, Data: make([]byte, 8)}, &value.Array{DType: object, Shape: []int{1}, Objects: []value.Value{value.None}},
		&value.Scalar{DType: f8, Data: make([]byte, 8)}, &value.Buffer{Data: []byte("x"), ReadOnly: true})
	for _, class := range []string{"PosixPath", "PurePosixPath", "WindowsPath", "PureWindowsPath"} {
		l.Items = append(l.Items, value.Path{Class: class, Text: "x"})
	}
	for _, name := range []string{"bool", "dict", "float", "int", "list", "object", "str", "tuple", "set", "frozenset", "bytes", "bytearray", "complex"} {
		l.Items = append(l.Items, builtin(name))
	}
	return l
}

// Without Objects nothing is named but what the package comment lists.
func TestDataOnly(t *testing.T) {
	values := oneOfEach(t)
	seen := map[string]bool{}
	for protocol := range HighestProtocol + 1 {
		var out bytes.Buffer
		e := NewEncoder(&out)
		e.Protocol = protocol
		if protocol == 5 {
			e.Buffers = func([]byte) error { return nil }
		}
		if err := e.Value(values); err != nil {
			t.Fatalf("protocol %d: %v", protocol, err)
		}
		d := NewDecoderBytes(out.Bytes())
		d.Watch = func(e Event) {
			if e.Kind == Imported {
				seen[e.Global.Dotted()] = true
			}
		}
		if _, err := d.Value(); err != nil {
			t.Fatalf("protocol %d: %v", protocol, err)
		}
	}
	for name := range seen {
		if !slices.Contains(documented, name) {
			t.Errorf("%s is named, and is not documented", name)
		}
	}
	for _, name := range documented {
		if !seen[name] {
			t.Errorf("%s is documented, and was not named", name)
		}
	}
}

// Forged values do not get other names in.
func TestDataOnlyRefusesOthers(t *testing.T) {
	system := value.Global{Module: "os", Name: "system"}
	for _, v := range []value.Value{system, value.Path{Class: "os.system", Text: "ls"}, &value.Object{Class: system, Args: value.NewTuple()},
		&value.Object{Making: value.Instantiated, Class: system, Args: value.NewTuple()}, &value.DefaultDict{Factory: system}, builtin("eval"), builtin("getattr"),
		value.Global{Module: "builtins", Name: "list.__class__"}} {
		for protocol := range HighestProtocol + 1 {
			e := NewEncoder(io.Discard)
			e.Protocol = protocol
			if err := e.Value(v); err == nil {
				t.Errorf("%s was written by protocol %d", v, protocol)
			}
		}
	}
}
