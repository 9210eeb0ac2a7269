package pyre

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// compareEngines answers by every engine that takes the text, and tells whether there
// were two. The backtracking engine alone is the one that the linear one must equal.
func compareEngines(t *testing.T, re *Regexp, text string) bool {
	t.Helper()
	if re.engine == nil {
		return false
	}
	slow, err := re.backtrack(text)
	if err != nil {
		return false
	}
	if slow && !mayMatch(text, re.needed) {
		t.Errorf("%q in %q: a match, but none of %v", re.pattern, text, re.needed)
	}
	if !re.linear.takes(text) {
		return false
	}
	if fast := re.linear.match(text); fast != slow {
		t.Errorf("%q in %q: linear %v, backtracking %v; translated %v", re.pattern, text, fast, slow, re.linear.parts)
	}
	return true
}

func TestEnginesAgree(t *testing.T) {
	g := &generator{rand.New(rand.NewPCG(17, 18))}
	patterns, linear, both, literals := 0, 0, 0, 0
	for range 5 * rounds() {
		pattern := g.pattern()
		if g.IntN(10) == 0 {
			pattern = g.pick("^", `\A`, "(?i)^", "(?m)^") + g.pick("(?=", "(?!") + g.sequence(2) + ")" + g.pick("", "(?!"+g.sequence(1)+")") + pattern
		}
		re, err := Compile(pattern)
		if err != nil || re.engine == nil {
			continue
		}
		patterns++
		if re.linear != nil {
			linear++
		}
		if len(re.needed) > 0 {
			literals++
		}
		for _, text := range g.subjects(10) {
			if compareEngines(t, re, text) {
				both++
			}
		}
	}
	t.Logf("%d patterns, %d for the linear engine, %d with literals, %d texts matched by both", patterns, linear, literals, both)
	if linear < patterns/3 || literals < patterns/10 || both < 5*linear {
		t.Error("too few to tell")
	}
}

// Names as profiles have them, and the patterns people look for in them. The first ones
// must not backtrack, or a large profile takes seconds.
func TestUsualPatterns(t *testing.T) {
	texts := []string{"/usr/lib/python3.13/json/decoder.py:344(decode)", "{built-in method builtins.exec}", "~:0(<method 'append' of 'list' objects>)",
		"/srv/josé/src/Core/mod_core.py:12(<lambda>)", "/srv/\xed\xb3\xa9/a.py:1(f)", "C:\\app\\MAIN.PY:1(<module>)", "<string>:1(run)", "a\nb", "core\n", "\U000D0001", "ſession"}
	for _, pattern := range []string{"mod.*core", "main", `\.py:\d+\(`, "(?i)CORE", "(?i)SESSION", "(?i)(?:main|core)\\.py", `\bcore\b`, `\Bcore`, `(?a)\bcore\b`, "^/usr", `run\)$`, `core$`, `core\Z`, "(?m)a$", "(?m)^b",
		"<.*>", "a|b|c", "mod|core", "[a-z]+_core", `\w+/\w+`, `[^\W_]+`, `[\W\d]`, `[\D]\(`, `[^\w/]`, `(?P<dir>/\w+)+`, "(?:json|pickle)/(?:de|en)coder", `[^\x00-\U0010ffff]`, "(?!)a", `\ud800|a`, "é", `[é-ü]`,
		"^(?!.*site-packages)", `\A(?=.*core)(?!.*<)(?=.*\d$)?`, "^(?=.*[Cc]ore)(?!.*<).*py", "(?i)^(?!.*CORE)", "^(?!)", "(?s)^(?=)(?!.*\n)"} {
		re, err := Compile(pattern)
		if err != nil {
			t.Fatal(err)
		}
		if re.engine != nil && re.linear == nil && pattern != `[^\W_]+` && !strings.Contains(pattern, ")?") {
			t.Errorf("%s is not for the linear engine", pattern)
		}
		for _, text := range texts {
			compareEngines(t, re, text)
		}
	}
	for _, pattern := range []string{"(?=a)b", "(?m)^(?=a)b", "^(?=(?=a))", "a(?=b)", "(?<!a)b", `(.)\1`, "(a)?(?(1)b|c)", "(?>a*)b", "a*+b", "a{1001}", "(?:a{50}){50}", `\w{1,1000}` + strings.Repeat("a{900}", 2)} {
		re, err := Compile(pattern)
		if err != nil {
			t.Fatal(err)
		}
		if re.linear != nil {
			t.Errorf("%s is for the linear engine", pattern)
		}
	}
}

// FuzzEngines lets both engines answer.
func FuzzEngines(f *testing.F) {
	g := &generator{rand.New(rand.NewPCG(19, 20))}
	for range 300 {
		f.Add(g.pattern(), g.subjects(1)[1])
	}
	f.Fuzz(func(t *testing.T, pattern, text string) {
		if len(pattern) > 200 || len(text) > 30 {
			return // matching may take its two seconds
		}
		if re, err := Compile(pattern); err == nil {
			compareEngines(t, re, text)
		}
	})
}

// BenchmarkNames matches the usual patterns with 10,000 names as a profile has them.
func BenchmarkNames(b *testing.B) {
	var names []string
	words := []string{"parse", "session", "buffer", "field", "encode", "query", "visit", "handler"}
	for i := range 10000 {
		word := func(n int) string { return words[i/n%len(words)] }
		names = append(names, fmt.Sprintf("/opt/service/venv/lib/python3.13/site-packages/%s/%s_%s/%s%d.py:%d(%s_%s)",
			word(7), word(3), word(11), word(1), i%1000, i%3000, word(1), word(5)))
	}
	for _, pattern := range []string{"mod.*core", "(?i)CORE", `\bparse\b`, "^/usr", `\.py:\d+\(`, "mod|core", "[a-z]+_core", `query\)$`, "site-packages.*parse", `\w+/\d+`, `(?i)session.*\d\(`, "^(?!.*site)"} {
		re, err := Compile(pattern)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(pattern, func(b *testing.B) {
			for b.Loop() {
				for _, name := range names {
					if _, err := re.Match(name); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}
