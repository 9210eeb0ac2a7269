package diff

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
)

// TestMatch has functions of before, of after, and which is which.
func TestMatch(t *testing.T) {
	f := func(line int64, name string) Func { return Func{"a.py", line, name} }
	for name, c := range map[string]struct {
		before, after []Func
		want          []int
	}{
		"same":                 {[]Func{f(1, "a"), f(9, "b")}, []Func{f(1, "a"), f(9, "b")}, []int{0, 1}},
		"lines moved":          {[]Func{f(1, "a"), f(9, "b")}, []Func{f(9, "a"), f(1, "b")}, []int{0, 1}},
		"gone and new":         {[]Func{f(1, "a"), f(9, "b")}, []Func{f(1, "c"), f(9, "b")}, []int{-1, 1}},
		"another file":         {[]Func{f(1, "a")}, []Func{{"b.py", 1, "a"}}, []int{-1}},
		"methods of one name":  {[]Func{f(5, "__init__"), f(25, "__init__")}, []Func{f(25, "__init__"), f(45, "__init__")}, []int{0, 1}},
		"all moved by twenty":  {[]Func{f(3, "x"), f(5, "get"), f(25, "get")}, []Func{f(23, "x"), f(25, "get"), f(45, "get")}, []int{0, 1, 2}},
		"the first is gone":    {[]Func{f(1, "x"), f(5, "get"), f(105, "get")}, []Func{f(1, "x"), f(105, "get")}, []int{0, -1, 1}},
		"one more in between":  {[]Func{f(1, "x"), f(5, "<lambda>"), f(9, "<lambda>")}, []Func{f(1, "x"), f(5, "<lambda>"), f(7, "<lambda>"), f(9, "<lambda>")}, []int{0, 1, 3}},
		"before a fixed point": {[]Func{f(2, "<lambda>"), f(4, "<lambda>"), f(9, "x")}, []Func{f(12, "<lambda>"), f(14, "<lambda>"), f(19, "x")}, []int{0, 1, 2}},
		"too far":              {[]Func{f(1, "x"), f(5, "get"), f(7, "get")}, []Func{f(1, "x"), f(5, "get"), f(900, "get")}, []int{0, 1, -1}},
		"each behind its own": {
			[]Func{f(1, "A"), f(2, "get"), f(50, "B"), f(51, "get")}, []Func{f(1, "A"), f(2, "get"), f(500, "B"), f(501, "get")}, []int{0, 1, 2, 3},
		},
	} {
		if got := match(c.before, c.after); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// TestMatchIsOneToOne: whatever the functions are, none has two partners, and each the name of its own.
func TestMatchIsOneToOne(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		side := func() (list []Func) {
			seen := map[Func]bool{}
			for range r.IntN(30) {
				f := Func{"f" + strconv.Itoa(r.IntN(2)), int64(r.IntN(60)), strconv.Itoa(r.IntN(4))}
				if !seen[f] {
					seen[f] = true
					list = append(list, f)
				}
			}
			return list
		}
		before, after := side(), side()
		taken := map[int]bool{}
		for i, j := range match(before, after) {
			if j < 0 {
				continue
			}
			if taken[j] || before[i].File != after[j].File || before[i].Name != after[j].Name {
				t.Fatalf("%v and %v: %v", before, after, match(before, after))
			}
			taken[j] = true
		}
	}
}

// TestMatchMany: a hostile profile takes no more time or memory than another.
func TestMatchMany(t *testing.T) {
	var list []Func
	for i := range 50_000 {
		list = append(list, Func{"a.py", int64(i), "f"})
	}
	if got := match(list, list[1:]); got[0] != 0 || got[49_999] != -1 {
		t.Errorf("in their order: %d, %d", got[0], got[49_999])
	}
}

func TestMoved(t *testing.T) {
	before := []Func{{"old.py", 1, "a"}, {"old.py", 5, "b"}, {"old.py", 9, "c"}, {"x.py", 1, "x"}, {"~", 0, "<gone>"}}
	after := []Func{{"new.py", 1, "a"}, {"new.py", 5, "b"}, {"new.py", 8, "d"}, {"other.py", 1, "a"}, {"x.py", 2, "x"}, {"~", 0, "<new>"}}
	if got, want := moved(before, after, match(before, after)), []Rename{{"old.py", "new.py"}}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// TestMovedFolder: where a whole folder moved, its name is told once; where some of it stayed, the files'.
func TestMovedFolder(t *testing.T) {
	before := []Func{{"/p/lib/a.py", 1, "a"}, {"/p/lib/b.py", 1, "b"}, {"/p/x.py", 1, "x"}}
	after := []Func{{"/p/src/lib/a.py", 1, "a"}, {"/p/src/lib/b.py", 1, "b"}, {"/p/x.py", 1, "x"}}
	if got, want := moved(before, after, match(before, after)), []Rename{{"/p/lib", "/p/src/lib"}}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	stays := Func{"/p/lib/c.py", 1, "c"}
	before, after = append(before, stays), append(after, stays)
	if got, want := moved(before, after, match(before, after)), []Rename{{"/p/lib/a.py", "/p/src/lib/a.py"}, {"/p/lib/b.py", "/p/src/lib/b.py"}}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestIdle(t *testing.T) {
	before, after := []Func{{"/p/old.py", 1, "a"}, {`C:\q\x.py`, 1, "x"}}, []Func{{"/p/new.py", 1, "a"}, {`C:\r\x.py`, 1, "x"}}
	for r, want := range map[Rename]IdleRename{
		{"/p/new.py", "/p/old.py"}: {Side: "before", Reversed: true},
		{"old.py", "new.py"}:       {Side: "before", Like: "/p/old.py"},
		{"/p/old.py", "z/new.py"}:  {Side: "after", Like: "/p/new.py"},
		{"/p/o", "/p/new.py"}:      {Side: "before"},
	} {
		want.Rename = r
		if got := idle([]Rename{r}, before, after); len(got) != 1 || got[0] != want {
			t.Errorf("%v: %+v, want %+v", r, got, want)
		}
	}
	if got := idle([]Rename{{"/p/old.py", "/p/new.py"}, {`C:\q`, `C:\r`}}, before, after); len(got) > 0 {
		t.Errorf("what does something is told: %+v", got)
	}
}

func TestRenamed(t *testing.T) {
	list := []Rename{{"lib/old.py", "lib/new.py"}, {"lib", "src/lib"}, {`C:\a`, `D:\b`}}
	for file, want := range map[string]string{
		"lib/old.py": "lib/new.py", "lib/x.py": "src/lib/x.py", "library/x.py": "library/x.py", "lib": "src/lib", `C:\a\b.py`: `D:\b\b.py`, "~": "~",
	} {
		if got := renamed(Func{File: file, Name: "f"}, list).File; got != want {
			t.Errorf("%s: %s, want %s", file, got, want)
		}
	}
	for _, text := range []string{"", "a", "=b", "a="} {
		if r, err := ParseRename(text); err == nil {
			t.Errorf("%q: %v", text, r)
		}
	}
}

func TestWithoutAddress(t *testing.T) {
	for name, want := range map[string]string{
		"<built-in method __new__ of type object at 0x9537a0>":        "<built-in method __new__ of type object>",
		"<code object <module> at 0x7f00DEAD, file \"a.py\", line 1>": "<code object <module>, file \"a.py\", line 1>",
		"<built-in method builtins.len>":                              "<built-in method builtins.len>",
		"look at 0xzz":                                                "look at 0xzz",
	} {
		if got := withoutAddress(Func{"~", 0, name}).Name; got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}
