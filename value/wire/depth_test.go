package wire_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/cantil-py/cantil/value"
	"github.com/cantil-py/cantil/value/wire"
)

// nested is n lists within each other, around an int.
func nested(n int) value.Value {
	v := value.Value(value.Int(1))
	for range n {
		v = value.NewList(v)
	}
	return v
}

func TestCheckDepth(t *testing.T) {
	self := value.NewList()
	self.Items = append(self.Items, self, nested(3))
	shared := nested(5)
	longWay := value.NewTuple(shared, value.NewList(value.NewList(shared))) // reached first by the short way
	keys, err := value.NewDict(value.Pair{Key: value.NewTuple(value.NewTuple()), Value: nested(1)})
	if err != nil {
		t.Fatal(err)
	}
	object := &value.Object{Args: value.NewTuple(), Steps: []value.Step{{Values: []value.Value{nested(4)}}}}
	for _, c := range []struct {
		v     value.Value
		depth int
	}{
		{value.Int(1), 0}, {value.NewList(), 1}, {nested(7), 7}, {self, 4}, {longWay, 8}, {keys, 3}, {object, 5},
		{value.NewList(nested(2), nested(9), nested(1)), 10}, {&value.Deque{Items: []value.Value{nested(1)}}, 2},
		{&value.Slice{Start: nested(2)}, 3}, {&value.Scalar{Object: nested(1)}, 2}, {&value.DateTime{Zone: object}, 6},
	} {
		if err := wire.CheckDepth(c.v, c.depth); err != nil {
			t.Errorf("%v: %v", c.v, err)
		}
		if c.depth == 0 {
			continue
		}
		var deep *wire.DepthError
		if err := wire.CheckDepth(c.v, c.depth-1); !errors.As(err, &deep) || deep.Max != c.depth-1 {
			t.Errorf("%v is %d deep: %v", c.v, c.depth, err)
		}
	}
}

// TestDepthOfSharing: what shares its parts a million millions of times is gone through once.
func TestDepthOfSharing(t *testing.T) {
	v := value.NewList()
	for range 40 {
		v = value.NewList(v, v)
	}
	began := time.Now()
	if err := wire.CheckDepth(v, 41); err != nil {
		t.Error(err)
	}
	if err := wire.CheckDepth(v, 40); err == nil {
		t.Error("41 deep is not more than 40")
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
}

// TestTooDeep: a pickle of few bytes a level is refused, and the connection goes on.
func TestTooDeep(t *testing.T) {
	here, there := both(t, wire.Options{Depth: 100})
	for _, c := range []struct {
		pickle string
		ok     bool
	}{
		{"\x80\x04N" + strings.Repeat("\x85", 100) + ".", true},
		{"\x80\x04N" + strings.Repeat("\x85", 101) + ".", false},
		{strings.Repeat("]", 1_000_000) + strings.Repeat("a", 999_999) + ".", false},
		{"\x80\x04" + strings.Repeat("]", 100) + strings.Repeat("a", 99) + ".", true},
	} {
		if err := here.SendBytes([]byte(c.pickle)); err != nil {
			t.Fatal(err)
		}
		v, err := there.Recv()
		var deep *wire.DepthError
		if c.ok != (err == nil) || !c.ok && !errors.As(err, &deep) {
			t.Errorf("%.20q: %.50v, %v", c.pickle, v, err)
		}
	}
}
