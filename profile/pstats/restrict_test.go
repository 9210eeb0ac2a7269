package pstats

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/cantil-py/cantil/text/pyre"
)

func TestParseRestriction(t *testing.T) {
	for text, want := range map[string]Restriction{
		"15": Count(15), "0": Count(0), "-3": Count(-3), "+5": Count(5),
		"99999999999999999999":  Count(math.MaxInt64),
		"-99999999999999999999": Count(math.MinInt64),
		".5":                    Fraction(.5), "0.25": Fraction(.25), "1.": Fraction(1), "0.": Fraction(0), "1.5e-3": Fraction(.0015), "-0.0": Fraction(math.Copysign(0, -1)),
		"": Pattern(""), ".": Pattern("."), "1..2": Pattern("1..2"), "f.5": Pattern("f.5"), "e.5": Pattern("e.5"), "1e5": Pattern("1e5"),
		"0x1.8p1": Pattern("0x1.8p1"), "1_0": Pattern("1_0"), "inf": Pattern("inf"), "-": Pattern("-"), "(": Pattern("("), "1.2.3": Pattern("1.2.3"),
	} {
		got, err := ParseRestriction(text)
		if err != nil || got != want {
			t.Errorf("ParseRestriction(%q) = %#v, %v, want %#v", text, got, err, want)
		}
	}
	for _, text := range []string{"1.5", "-.5", "2.", "1.0e9", "1.0e999"} {
		if _, err := ParseRestriction(text); err == nil || !strings.Contains(err.Error(), "between 0 and 1") {
			t.Errorf("ParseRestriction(%q) = %v, want an error", text, err)
		}
	}
}

func TestZeroRestrictionKeepsAll(t *testing.T) {
	s := sample(10)
	chosen, err := s.restrict([]Restriction{{}, Fraction(math.NaN())})
	if err != nil || len(chosen.ids) != 10 || len(chosen.messages) > 0 {
		t.Errorf("left %d functions, %q, %v", len(chosen.ids), chosen.messages, err)
	}
}

// TestPatternThatCannotBeMatched: what one worker meets is the error of all.
func TestPatternThatCannotBeMatched(t *testing.T) {
	s := sample(3 * namesPerTurn)
	s.Rows[namesPerTurn+1].Func.Name = strings.Repeat("a", pyre.MaxText)
	_, err := s.restrict([]Restriction{Pattern(`a+b`)})
	if !errors.Is(err, pyre.ErrTooLong) || len(err.Error()) > 500 {
		t.Errorf("error %.500v", err)
	}
}

// TestPatternOverManyNames: what several workers find is in the order of the list.
func TestPatternOverManyNames(t *testing.T) {
	s := sample(5*namesPerTurn + 7)
	chosen, err := s.restrict([]Restriction{Pattern("1[0-9]*[)]$")})
	if err != nil {
		t.Fatal(err)
	}
	var want []FuncID
	for id := range s.Rows {
		name := s.Rows[id].Func.String()
		digits := name[strings.LastIndexAny(name, "_(n")+1:]
		if strings.HasSuffix(digits, ")") && strings.Contains(digits, "1") {
			want = append(want, FuncID(id))
		}
	}
	if len(want) == 0 || !slices.Equal(chosen.ids, want) {
		t.Errorf("%d functions, want %d", len(chosen.ids), len(want))
	}
}
