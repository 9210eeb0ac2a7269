package sweep

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// texts are the values of an axis, a row each.
func texts(a Axis) []string {
	var list []string
	for _, row := range a.Rows {
		list = append(list, Point{row, 1}.Text(a.Names))
	}
	return list
}

func TestParseGrid(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"epochs=3,10,30", "epochs=3 epochs=10 epochs=30"},
		{"epochs = 3, 10", "epochs=3 epochs=10"},
		{"hidden=20,20|10,10,10", "hidden=20,20 hidden=10,10,10"},
		{"range=1:2|3:4", "range=1:2 range=3:4"},
		{"n=1:4", "n=1 n=2 n=3 n=4"},
		{"n=4:1:-1", "n=4 n=3 n=2 n=1"},
		{"n=1:10:4", "n=1 n=5 n=9"},
		{"x=0:1:0.1", "x=0 x=0.1 x=0.2 x=0.3 x=0.4 x=0.5 x=0.6 x=0.7 x=0.8 x=0.9 x=1"},
		{"x=0:1:lin:4", "x=0 x=0.3333333333 x=0.6666666667 x=1"},
		{"n=2:8:lin:4", "n=2 n=4 n=6 n=8"},
		{"lr=1e-4:1e-1:log:7", "lr=1e-4 lr=0.000316228 lr=0.001 lr=0.00316228 lr=0.01 lr=0.0316228 lr=1e-1"},
		{"n=1:1000:log:4", "n=1 n=10 n=100 n=1000"},
		{"x=1:-1:lin:3", "x=1 x=0 x=-1"},
		{"at=12:30:45:10:5", "at=12:30:45:10:5"}, // too many parts for a range
		{"url=http://a:80", "url=http://a:80"},
		{"empty=", "empty="},
		{"one=a", "one=a"},
		{"eq=a=b", "eq=a=b"},
	} {
		a, err := ParseGrid(c.text)
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		if got := strings.Join(texts(a), " "); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.text, got, c.want)
		}
	}
}

func TestParseGridRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"epochs":                  "not of the form",
		"=3":                      "not of the form",
		"a b=3":                   "not of the form",
		"{a}=3":                   "not of the form",
		"n=5:1":                   "leads nowhere",
		"n=1:5:0":                 "leads nowhere",
		"n=0:1e9":                 "more than 100000 values",
		"n=1:2:x":                 "is no range",
		"lr=0:1:log:3":            "above 0",
		"lr=1:2:sqrt:3":           "lin or log",
		"lr=1:2:log:1":            "from 2",
		"lr=1:2:log:x":            "from 2",
		"lr=1:2:lin:999999999999": "from 2",
	} {
		if _, err := ParseGrid(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: the error is %v, and should say %q", text, err, want)
		}
	}
}

func TestParseLink(t *testing.T) {
	a, err := ParseLink("lr=0.1,0.01  layers=20,20|10 n=1:2")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"lr=0.1 layers=20,20 n=1", "lr=0.01 layers=10 n=2"}
	if diff := cmp.Diff(want, texts(a)); diff != "" {
		t.Error(diff)
	}
	for text, want := range map[string]string{
		"a=1,2":         "two lists at least",
		"a=1,2 b=1":     "2 values cannot go with 1",
		"a=1,2 a=3,4":   "twice",
		"a=1,2 b=2:1:x": "is no range",
		"":              "not of the form",
	} {
		if _, err := ParseLink(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: the error is %v, and should say %q", text, err, want)
		}
	}
}

// FuzzParse: whatever is typed, there is an error or an axis that is whole.
func FuzzParse(f *testing.F) {
	for _, text := range []string{"a=1:2:log:3", "a=1,2 b=3,4", "a=x|y", "a=1e-300:1e300:log:5", "a=-1:1:0.1", "a=9e99:9.1e99"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, parse := range []func(string) (Axis, error){ParseGrid, ParseLink, ParseFlag} {
			a, err := parse(text)
			if err != nil {
				continue
			}
			if len(a.Rows) == 0 || len(a.Rows) > MostPoints && !strings.Contains(text, ",") && !strings.Contains(text, "|") {
				t.Fatalf("%q has %d rows", text, len(a.Rows))
			}
			for _, row := range a.Rows {
				if len(row) != len(a.Names) {
					t.Fatalf("%q: a row has %d values of %d", text, len(row), len(a.Names))
				}
			}
		}
		if r, err := ParseRandom(text); err == nil {
			for _, row := range samples([]Random{r}, 3, 1).Rows {
				if len(row[r.Name]) != 1 {
					t.Fatalf("%q: drew %v", text, row)
				}
			}
		}
	})
}
