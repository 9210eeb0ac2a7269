package pstats

import (
	"bytes"
	"strings"
	"testing"
)

// TestList: the same functions, order and heading as Print's.
func TestList(t *testing.T) {
	s := New([]Row{
		{Func: Func{"a.py", 1, "f"}, Listed: true, Counts: Counts{Calls: 3, Primitive: 3, Own: 1, Cumulative: 5}},
		{Func: Func{"b.py", 2, "g"}, Listed: true, Counts: Counts{Calls: 9, Primitive: 9, Own: 2, Cumulative: 4}},
		{Func: Func{"b.py", 7, "h"}, Listed: true, Counts: Counts{Calls: 1, Primitive: 1, Own: 3, Cumulative: 3}},
	})
	if err := s.Sort("tottime"); err != nil {
		t.Fatal(err)
	}
	inB, err := ParseRestriction("b.py")
	if err != nil {
		t.Fatal(err)
	}
	ids, heading, err := s.List(inB)
	if err != nil {
		t.Fatal(err)
	}
	if len(ids) != 2 || ids[0] != 2 || ids[1] != 1 {
		t.Errorf("listed are %v", ids)
	}
	var printed bytes.Buffer
	if err := s.Print(&printed, inB); err != nil {
		t.Fatal(err)
	}
	if heading == "" || !strings.Contains(printed.String(), heading) {
		t.Errorf("the heading %q is not in what is printed:\n%s", heading, printed.String())
	}
	bad, err := ParseRestriction("(")
	if err == nil {
		_, _, err = s.List(bad)
	}
	if err == nil {
		t.Error("a pattern that is none is no error")
	}
}
