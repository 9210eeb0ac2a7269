package pyre

import (
	"fmt"
	"maps"
	"os"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/cantil-py/cantil/internal/testpy"
)

// eachTable runs f with CPython 3.13, whose tables are ours, or with every version when CANTIL_SLOW=1.
func eachTable(t *testing.T, f func(t *testing.T, py testpy.Python)) {
	t.Helper()
	for _, py := range testpy.All(t) {
		t.Run("py"+py.Version, func(t *testing.T) {
			if py.Minor != 13 && os.Getenv("CANTIL_SLOW") != "1" {
				t.Skip("all code points of all versions: set CANTIL_SLOW=1")
			}
			f(t, py)
		})
	}
}

// knownProgram prints u for every code point that the Python does not know, k for others.
const knownProgram = `
import re, sys, unicodedata
chars = [chr(i) for i in range(0x110000)]
print("".join("u" if unicodedata.category(c) == "Cn" else "k" for c in chars))
`

// newer reports whether r is a character that only one side's Unicode tables know.
func newer(known string, r rune) bool {
	return known[r] == 'u' || unicode.Is(unicode.Cn, r)
}

// Every code point, in every class: a difference must be of a character that one side's
// Unicode tables do not know, and 3.13 must not differ.
func TestClassesAgainstPython(t *testing.T) {
	patterns := []string{`\w`, `\d`, `\s`, `[\D\s]`, `(?a)\W`, `[^\W\d]`, `(?a)\w`, `(?a)\s`, `(?a)[^\W\d_]`, `[^\s\w]`, `.`,
		`(?i)[^a-zß-ÿ]`, `[\ud000-\udbff\U000c0000-\U0010ffff]`}
	if os.Getenv("CANTIL_SLOW") != "1" {
		patterns = patterns[:5]
	}
	found := make([][]bool, len(patterns))
	for i, pattern := range patterns {
		re, err := Compile(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for r := rune(0); r <= unicode.MaxRune; r++ {
			is, err := re.Match(encode(r))
			if err != nil {
				t.Fatal(err)
			}
			found[i] = append(found[i], is)
		}
	}
	eachTable(t, func(t *testing.T, py testpy.Python) {
		lines := strings.Split(testpy.Run(t, py, knownProgram+`
for pattern in sys.argv[1:]:
    match = re.compile(pattern).match
    print("".join("1" if match(c) else "0" for c in chars))`, patterns...), "\n")
		for i, pattern := range patterns {
			differ := 0
			for r, theirs := range lines[i+1] {
				if (theirs == '1') == found[i][r] {
					continue
				}
				differ++
				if py.Minor == 13 || !newer(lines[0], rune(r)) && !identifiersMoved[rune(r)] {
					t.Fatalf("%s of %U: us %v, Python %c", pattern, r, found[i][r], theirs)
				}
			}
			t.Logf("%s: %d characters differ, all newer than one of the tables", pattern, differ)
		}
	})
}

func TestCaseAgainstPython(t *testing.T) {
	eachTable(t, func(t *testing.T, py testpy.Python) {
		known, rest, _ := strings.Cut(strings.TrimSpace(testpy.Run(t, py, knownProgram+`
cased = [c for c in chars if c.lower() != c or c.upper() != c]
text = "".join(cased)
for c in cased:
    print(*("%x" % ord(other) for other in [c] + re.findall("(?i)" + c, text)))`)), "\n")
		theirs := map[rune]map[rune]bool{}
		for line := range strings.Lines(rest) {
			runes := hexRunes(t, line)
			theirs[runes[0]] = map[rune]bool{}
			for _, r := range runes[1:] {
				theirs[runes[0]][r] = r != runes[0]
			}
		}
		differ := 0
		for r := rune(0); r <= unicode.MaxRune; r++ {
			mine := map[rune]bool{}
			for _, other := range unicodeCases()[r] {
				mine[other] = true
			}
			for other := range union(mine, theirs[r]) {
				if mine[other] == theirs[r][other] {
					continue
				}
				differ++
				if py.Minor == 13 || !newer(known, r) && !newer(known, other) && !(py.Minor < 11 && (forgotten(r) || forgotten(other))) {
					t.Errorf("%U and %U match when case is ignored: us %v, Python %v", r, other, mine[other], theirs[r][other])
				}
			}
		}
		t.Logf("%d characters with case, %d pairs differ", len(theirs), differ)
	})
}

// forgotten are the old forms of Cyrillic letters that Unicode 9 brought and re overlooked before 3.11.
func forgotten(r rune) bool { return r >= 0x1C80 && r <= 0x1C88 }

func union(a, b map[rune]bool) map[rune]bool {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}

func hexRunes(t *testing.T, line string) []rune {
	t.Helper()
	var runes []rune
	for _, word := range strings.Fields(line) {
		n, err := strconv.ParseInt(word, 16, 32)
		if err != nil {
			t.Fatal(err)
		}
		runes = append(runes, rune(n))
	}
	return runes
}

// identifiersMoved are characters that a version of Unicode made letters or let into
// identifiers, or took out, when older ones knew them already.
var identifiersMoved = map[rune]bool{0x1CF2: true, 0x1CF3: true, 0x111C9: true, 0x200C: true, 0x200D: true, 0x30FB: true, 0xFF65: true}

func TestIdentifiersAgainstPython(t *testing.T) {
	eachTable(t, func(t *testing.T, py testpy.Python) {
		lines := strings.Split(testpy.Run(t, py, knownProgram+`
print("".join("01"[c.isidentifier()] for c in chars))
print("".join("01"[("a" + c).isidentifier()] for c in chars))`), "\n")
		differ := 0
		for r := rune(0); r <= unicode.MaxRune; r++ {
			start, rest := isIdentifier(encode(r)), isIdentifier("a"+encode(r))
			if start == (lines[1][r] == '1') && rest == (lines[2][r] == '1') {
				continue
			}
			differ++
			if py.Minor == 13 || !newer(lines[0], r) && !identifiersMoved[r] {
				t.Errorf("%U: starts one %v, is in one %v; Python's %c %c", r, start, rest, lines[1][r], lines[2][r])
			}
		}
		t.Logf("%d differ", differ)
	})
}

// Every name of every version is found, in the spelling of 3.13 and in lower case.
func TestNamesAgainstPython(t *testing.T) {
	eachTable(t, func(t *testing.T, py testpy.Python) {
		out := testpy.Run(t, py, `
import unicodedata
def found(name):
    try:
        return "%x" % ord(unicodedata.lookup(name))
    except KeyError:
        return "-"
for i in range(0x110000):
    name = unicodedata.name(chr(i), None)
    if name is not None:
        print("%x %s %s" % (i, found(name.lower()), name))`)
		names, missing := 0, 0
		for line := range strings.Lines(out) {
			fields := strings.SplitN(strings.TrimSuffix(line, "\n"), " ", 3)
			names++
			r, ok := lookupName(fields[2])
			if !ok && unicode.Is(unicode.Cn, hexRunes(t, fields[0])[0]) {
				missing++
				continue
			}
			if got := fmt.Sprintf("%x", r); !ok || got != fields[0] {
				t.Fatalf("%s is %s, not %s", fields[2], fields[0], got)
			}
			r, ok = lookupName(strings.ToLower(fields[2]))
			if got := fmt.Sprintf("%x", r); py.Minor == 13 && (ok != (fields[1] != "-") || ok && got != fields[1]) {
				t.Fatalf("%s in lower case is %s, not %s (%v)", fields[2], fields[1], got, ok)
			}
		}
		t.Logf("%d names, %d newer than ours", names, missing)
	})
}
