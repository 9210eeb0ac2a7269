package pyre

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/cantil-py/cantil/internal/testpy"
)

// fewRounds and manyRounds are the random patterns of a run, and of one with CANTIL_SLOW=1.
const (
	fewRounds  = 1500
	manyRounds = 40000
)

func rounds() int {
	if os.Getenv("CANTIL_SLOW") == "1" {
		return manyRounds
	}
	return fewRounds
}

// ours is what this package makes of a question.
func ours(q question) reply {
	re, err := Compile(q.pattern)
	var syntax *SyntaxError
	switch {
	case errors.As(err, &syntax):
		return reply{kind: "error", pos: syntax.Pos, msg: pythonASCII(syntax.Msg)}
	case err != nil:
		return reply{kind: "other", pos: -1, msg: err.Error()}
	}
	r := reply{kind: "ok", pos: -1}
	for _, s := range q.subjects {
		found, err := re.Match(s)
		if err != nil {
			return reply{kind: "slow", pos: -1}
		}
		r.found += string("01"[b2i(found)])
	}
	return r
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// pythonASCII is what ascii() makes of a message.
func pythonASCII(msg string) string {
	var b strings.Builder
	for _, r := range decode(msg) {
		switch {
		case r == '\\':
			b.WriteString(`\\`)
		case r == '\n':
			b.WriteString(`\n`)
		case r < ' ' || r > '~' && r < 0x100:
			fmt.Fprintf(&b, `\x%02x`, r)
		case r > '~' && r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		case r > '~':
			fmt.Fprintf(&b, `\U%08x`, r)
		default:
			b.WriteRune(r)
		}
	}
	if strings.Contains(msg, "'") && !strings.Contains(msg, `"`) {
		return `"` + b.String() + `"`
	}
	return "'" + strings.ReplaceAll(b.String(), "'", `\'`) + "'"
}

func TestRandomPatternsAgainstPython(t *testing.T) {
	g := &generator{rand.New(rand.NewPCG(11, 12))}
	var questions []question
	for range rounds() {
		questions = append(questions, question{g.pattern(), g.subjects(8)})
	}
	compareAll(t, questions)
}

// Groups, back-references and conditions inside repeats and look-arounds, over two letters.
// re has defects there, which the package comment counts.
func TestRandomReferencesAgainstPython(t *testing.T) {
	g := &generator{rand.New(rand.NewPCG(13, 14))}
	var questions []question
	for range rounds() {
		var subjects []string
		for range 12 {
			var b strings.Builder
			for range g.IntN(9) {
				b.WriteString(g.pick("a", "b", "a", "b", "A"))
			}
			subjects = append(subjects, b.String())
		}
		refs := &references{generator: g}
		questions = append(questions, question{g.pick("", "", "(?i)") + refs.sequence(3), subjects})
	}
	compareMost(t, questions, func(py testpy.Python) int {
		if py.Minor < 11 {
			return 3 + len(questions)/1000
		}
		return len(questions) / 20000
	})
}

// references makes patterns that refer to groups which are closed, so that they are valid.
type references struct {
	*generator
	groups int
	closed []int
}

func (r *references) sequence(depth int) string {
	var b strings.Builder
	for range 1 + r.IntN(3) {
		switch {
		case depth > 0 && r.IntN(2) == 0:
			b.WriteString(r.group(depth - 1))
		case len(r.closed) > 0 && r.IntN(2) == 0:
			group := r.closed[r.IntN(len(r.closed))]
			b.WriteString(fmt.Sprintf(r.pick(`\%d`, `\%d`, "(?(%d)a|b)", "(?(%d)b)"), group))
		default:
			b.WriteString(r.pick("a", "b", "ab", ".", "^", "$")[:1])
		}
		if text := b.String(); r.IntN(3) == 0 && !strings.HasSuffix(text, "^") && !strings.HasSuffix(text, "$") {
			b.WriteString(r.pick("*", "+", "?", "{2}", "{1,2}") + r.pick("", "", "?", "+"))
		}
	}
	return b.String()
}

func (r *references) group(depth int) string {
	open := r.pick("(", "(", "(", "(?:", "(?=", "(?!", "(?>", "(?<=", "(?<!")
	if strings.HasPrefix(open, "(?<") {
		return open + r.pick("a", "(?:a|b)", "..", "(?=a.)b") + ")"
	}
	r.groups += b2i(open == "(")
	number := r.groups
	text := open + r.sequence(depth)
	if r.IntN(3) == 0 {
		text += "|" + r.sequence(depth)
	}
	if open == "(" {
		r.closed = append(r.closed, number)
	}
	return text + ")"
}

func compareAll(t *testing.T, questions []question) {
	t.Helper()
	compareMost(t, questions, func(testpy.Python) int { return 0 })
}

// compareMost lets so many patterns differ as tolerated says.
func compareMost(t *testing.T, questions []question, tolerated func(py testpy.Python) int) {
	t.Helper()
	var mine []reply
	for _, q := range questions {
		mine = append(mine, ours(q))
	}
	testpy.Each(t, func(t *testing.T, py testpy.Python) {
		questions := questions
		if py.Minor < 7 {
			questions = questions[:min(len(questions), fewRounds)] // one of very many patterns hangs 3.6 for good
		}
		var differ []string
		counts := map[string]int{}
		for i, theirs := range ask(t, py, questions) {
			if reason := incomparable(py, questions[i].pattern, mine[i], theirs); reason != "" {
				counts["left out: "+reason]++
				continue
			}
			counts[theirs.kind]++
			if !same(py, questions[i], mine[i], theirs) {
				differ = append(differ, fmt.Sprintf("%+q: us %v, Python %v (texts %+q)", questions[i].pattern, mine[i], theirs, questions[i].subjects))
			}
		}
		t.Logf("%d patterns, %v, %d differ", len(questions), counts, len(differ))
		if len(differ) > tolerated(py) {
			t.Error(strings.Join(differ[:min(len(differ), 10)], "\n"))
		}
	})
}

// incomparable says why a question cannot be compared with this version, or nothing. The
// reasons are those of the package comment.
func incomparable(py testpy.Python, pattern string, mine, theirs reply) string {
	switch {
	case mine.kind == "slow" || theirs.kind == "slow":
		return "slow"
	case theirs.kind == "defect":
		return "SystemError, a defect of re"
	case py.Minor < 11 && containsAny(pattern, "*+", "?+", "++", "}+", "(?>"):
		return "possessive or atomic"
	case py.Minor < 11 && strings.Contains(mine.msg, "global flags not at the start"):
		return "global flags inside"
	case py.Minor < 7 && strings.Contains(theirs.msg, "cannot turn on global flag"):
		return "(?a:...) is of 3.7"
	case py.Minor < 7 && strings.Contains(pattern, "(?!") && containsAny(pattern, `\1`, `\2`, `\3`, `\4`, "(?("):
		return "3.6 kept groups of a negative look-ahead"
	case py.Minor < 8 && strings.Contains(pattern, `\N`):
		return `\N is of 3.8`
	case py.Minor > 13 && strings.Contains(pattern, `\z`):
		return `\z is of 3.14`
	}
	return ""
}

func containsAny(s string, parts ...string) bool {
	for _, part := range parts {
		if strings.Contains(s, part) {
			return true
		}
	}
	return false
}

// same compares all with 3.12 and later; with older versions, not the words and place of an error.
func same(py testpy.Python, q question, mine, theirs reply) bool {
	if py.Minor >= 14 && strings.Contains(q.pattern, `\B`) {
		for i, s := range q.subjects {
			if s == "" && mine.kind == "ok" && theirs.kind == "ok" {
				theirs.found = theirs.found[:i] + mine.found[i:i+1] + theirs.found[i+1:]
			}
		}
	}
	if mine.kind == "ok" || theirs.kind == "ok" {
		return mine == theirs
	}
	if py.Minor < 12 {
		return true
	}
	if mine.kind == "other" {
		return theirs.kind == "other"
	}
	// A name is quoted by repr in Python's words.
	cut := strings.IndexAny(mine.msg[1:], `"'`) + 1
	return mine.kind == theirs.kind && mine.pos == theirs.pos && strings.HasPrefix(theirs.msg[1:], mine.msg[1:cut])
}

// What Python itself says of a pattern, for those that random ones rarely are.
func TestChosenPatternsAgainstPython(t *testing.T) {
	var questions []question
	for _, pattern := range []string{
		"", "main.py", `\.py:\d+\(`, `^(?!.*site-packages)`, `(?<=\().*(?=\))`, `\N{EM DASH}|\N{latin small letter a}`, `[\N{DIGIT ONE}-9]`,
		`\N{LATIN SMALL LETTER Q WITH DOT}`, `\N`, `\N{`, `\N{}`, `\N{HANGUL SYLLABLE GAG}`, "a{4294967294}", "a{4294967295}", "a{99999999999999999999}", "(?a)(?u)x", "(?au)x",
		"(?<=a{4294967294}{1})", "(?<=(?:a{4294967294}){4294967294})", "[[:alpha:]]", "[a--b]", "[]]", "[^]]", "[]", "(?x) a # b\\\nc\n d", "(?x:a b) c", "(?-x:a b)",
		`\777`, `\400`, `[\400]`, `\08`, `\U00110000`, `\x4`, "a**", "a*?+", "a{2}{3}", "(?P<a b>x)", "(?P<é>x)(?P=é)", "(?P<1>x)", "(?P<a>x)(?P<a>y)", "(?P=a)", "(?P>a)", "(?<a>x)", "(?(0)a)", "(?(a)b)",
		"(?(99999999999)a)", "(?(1)a|b|c)(x)", "(?'a'x)", "(?#", "(?", "(?P", "(?P<", "(?<", "(?i", "(?i-", "(?-", "(?-i", "(?-i)", "(?i-i:a)", "(?ii:a)", "(?é)", "(?L)a", "(?-a:b)", "(?a-u:b)", ")", "a|)", "((a)", `\`, `a*\`,
		"(?!)", "(?<!)", "(?!)*", "(?=)", "(?:)*", "()*", "(?:^)*a", "^*", "(^)*a", `\b*`, `(?:\b)+a`, "(?i)ſ", "(?i)[k]", "(?ai)k", "(?i)ß", "(?i)[ß]", "(?i)\u0130", "(?i)i", "(?i)[^ſ]",
		"\x00", `[\x00-\x1f]`, "😀+", "\xed\xa0\xbd\xed\xb8\x80", `\ud83d\ude00`, "(?s).$", "(?m)^a$", "a$", `a\Z`, "$", "(?m)$", "(?a)é", `\é`, `\_`, `\ `, `\z`,
	} {
		questions = append(questions, question{pattern, []string{"", "a", "b", "abc", "main.py:12(run)", "/usr/lib/site-packages/é.py:3(<lambda>)", "a\n", "\na\n", "x", "—", "K", "ſs", "ß", "İiı",
			"😀", "\xed\xa0\xbd\xed\xb8\x80", "각", "é", "_", "a b", " ", "\x00", "5"}})
	}
	compareAll(t, questions)
}

// A match may not hang: not with the patterns that are known for it, and not on long texts.
func TestMatchIsBounded(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", MaxText)
	for pattern, text := range map[string]string{`(?=(a+)+$)`: strings.Repeat("a", 40) + "b", `(?=.*.*.*.*[x])`: long, `(?:[ab]?){500}[x]`: long} {
		re, err := Compile(pattern)
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		if found, err := re.Match(text); !errors.Is(err, ErrTimeout) || found {
			t.Errorf("%s: %v, %v", pattern, found, err)
		}
		if took := time.Since(start); took > 2*MatchTimeout {
			t.Errorf("%s: stopped after %v only", pattern, took)
		}
		if _, err := re.Match(long + "a"); !errors.Is(err, ErrTooLong) {
			t.Errorf("%s: a text that is too long gives %v", pattern, err)
		}
	}
}

// What the linear engine takes it answers in time, whatever the pattern.
func TestLinearIsBounded(t *testing.T) {
	for pattern, length := range map[string]int{`(a+)+$`: MaxText - 1, `.*.*.*.*[x]`: MaxText - 1, `(?:[ab]?){600}[x]`: 25_000, `(?:(?:a|b)*[ab]?){200}[x]`: 25_000, `(?i)a*` + strings.Repeat("a", 1000) + "x": 25_000} {
		re, err := Compile(pattern)
		if err != nil {
			t.Fatal(err)
		}
		text := strings.Repeat("a", length) + "b"
		if !re.linear.takes(text) {
			t.Errorf("%s: %d bytes are not for the linear engine", pattern, length)
			continue
		}
		start := time.Now()
		if found, err := re.Match(text); found || err != nil {
			t.Errorf("%s: %v, %v", pattern, found, err)
		}
		took := time.Since(start)
		t.Logf("%.40s: %v", pattern, took)
		if took > 2*MatchTimeout {
			t.Errorf("%s: took %v", pattern, took)
		}
	}
}

func TestPatternsOverTheLimits(t *testing.T) {
	for _, pattern := range []string{strings.Repeat("a", MaxPattern+1), strings.Repeat("(", 5000) + strings.Repeat(")", 5000), strings.Repeat("(?(1)", 5000),
		"\U000D0001.", "[\U000D0001-\U000E0000]"} {
		_, err := Compile(pattern)
		var syntax *SyntaxError
		if err == nil || errors.As(err, &syntax) {
			t.Errorf("%.20q gives %.100v", pattern, err)
		}
	}
}

// Whatever the pattern, Compile must answer, and twice the same; a text that a literal
// pattern is must be found.
func FuzzCompileAndMatch(f *testing.F) {
	g := &generator{rand.New(rand.NewPCG(15, 16))}
	for range 300 {
		f.Add(g.pattern(), g.subjects(1)[1])
	}
	f.Fuzz(func(t *testing.T, pattern, text string) {
		if len(pattern) > 200 || len(text) > 30 {
			return // matching may take its two seconds
		}
		re, err := Compile(pattern)
		if err != nil {
			return
		}
		found, err := re.Match(text)
		again, err2 := re.Match(text)
		if err == nil && err2 == nil && found != again {
			t.Errorf("%q in %q: %v, then %v", pattern, text, found, again)
		}
		if err == nil && re.engine == nil && found != strings.Contains(text, re.literal) {
			t.Errorf("%q in %q: %v", pattern, text, found)
		}
	})
}

func ExampleCompile() {
	re, err := Compile(`(?<!test_)main\.py:\d+`)
	if err != nil {
		fmt.Println(err)
		return
	}
	found, err := re.Match("src/main.py:12(run)")
	fmt.Println(found, err)

	_, err = Compile("*")
	fmt.Println(err)
	// Output:
	// true <nil>
	// compiling regular expression "*": nothing to repeat at position 0
}

// generator makes patterns of all constructs, and damages some of them.
type generator struct{ *rand.Rand }

func (g *generator) pick(from ...string) string { return from[g.IntN(len(from))] }

var alphabet = []string{"a", "b", "ab", "A", "1", "_", " ", "\n", ".", "é", "É", "ß", "ſ", "K", "日", "\xed\xa0\x80", "\xed\xb0\x81", "😀"}

func (g *generator) subjects(n int) []string {
	subjects := []string{""}
	for range n {
		var b strings.Builder
		for range g.IntN(7) {
			b.WriteString(g.pick(alphabet[:4+g.IntN(len(alphabet)-3)]...))
		}
		subjects = append(subjects, b.String())
	}
	return subjects
}

func (g *generator) pattern() string {
	p := g.sequence(3)
	if g.IntN(6) == 0 {
		p = g.pick("(?i)", "(?a)", "(?m)", "(?s)", "(?x)", "(?im)", "(?ai)", "(?u)") + p
	}
	if g.IntN(4) > 0 {
		return p
	}
	runes := decode(p)
	for range 1 + g.IntN(2) {
		at := g.IntN(len(runes) + 1)
		switch g.IntN(3) {
		case 0:
			runes = append(runes[:at:at], append(decode(g.pick(`\`, "(", ")", "[", "]", "*", "?", "{", "}", "+", "|", "^", "-", "<", "P", "1", ":", "(?", `\8`, `\x`, `\u12`, "{2", ",3}", "L", "=")), runes[at:]...)...)
		case 1:
			if at < len(runes) {
				runes = append(runes[:at:at], runes[at+1:]...)
			}
		default:
			runes = runes[:at]
		}
	}
	return wtf8(runes)
}

func (g *generator) sequence(depth int) string {
	var b strings.Builder
	for range g.IntN(4) {
		b.WriteString(g.item(depth))
		if g.IntN(4) == 0 {
			b.WriteString(g.pick("*", "+", "?", "{2}", "{1,2}", "{,2}", "{1,}", "{0}", "{", "{a}", "{,}"))
			b.WriteString(g.pick("", "", "?", "+"))
		}
	}
	if g.IntN(5) == 0 {
		b.WriteString("|" + g.sequence(depth-1))
	}
	return b.String()
}

func (g *generator) item(depth int) string {
	if depth <= 0 || g.IntN(3) > 0 {
		switch g.IntN(5) {
		case 0:
			return g.set()
		case 1:
			return g.pick(`\w`, `\W`, `\d`, `\D`, `\s`, `\S`, `\b`, `\B`, `\A`, `\Z`, "^", "$", ".", `\n`, `\x41`, `\u00e9`, `\U0001f600`, `\ud800`, `\.`, `\-`, `\101`, `\061`, `\0`, `\é`, `\a`)
		case 2:
			return g.pick(`\1`, `\2`, "(?P=n)", "(?(1)a|b)", "(?(2)a)", "(?(n)"+g.sequence(depth-1)+")", `\q`, "(?#x)", "(?i)")
		}
		return g.pick(alphabet...)
	}
	inner := g.sequence(depth - 1)
	return g.pick("(", "(", "(", "(?:", "(?P<n>", "(?P<m>", "(?=", "(?!", "(?<=", "(?<!", "(?>", "(?i:", "(?a:", "(?-i:", "(?s-i:", "(?x:", "(?m:", "(?u:", "(?ai:") + inner + ")"
}

func (g *generator) set() string {
	var b strings.Builder
	b.WriteString("[" + g.pick("", "", "^"))
	for range 1 + g.IntN(3) {
		b.WriteString(g.pick("a", "b", "A", "a-c", "A-Z", "a-", "1", "_", `\w`, `\W`, `\d`, `\D`, `\s`, `\S`, `\b`, `\n`, "é", "à-ÿ", "K", `\x41-\x5a`, "]", "[", "^", "-",
			`\U00010000-\U0010ffff`, "\xed\xa0\x80", `\ud800-\udfff`, "&&", "||", `\101`, `\q`, "b-a", `\w-a`, "日", "ſ", "ß"))
	}
	return b.String() + g.pick("]", "]", "]", "]", "]", "]", "")
}
