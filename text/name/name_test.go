package name_test

import (
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/cantil-py/cantil/internal/testpy"
	"github.com/cantil-py/cantil/text/name"
)

func ExampleClean() {
	fmt.Println(name.Clean(`hello/world:!\.txt`))
	// Output: hello_world___.txt
}

func ExampleSafe() {
	fmt.Println(name.Safe("con.txt"), name.Safe("a/b: c?"), name.Safe(".."), name.Safe("cafe\u0301"))
	// Output: _con.txt a_b__c_ _ café
}

func ExampleStampAfter() {
	at := time.Date(2022, 9, 6, 12, 12, 24, 0, time.UTC)
	fmt.Println(name.StampAfter(".profile.txt", at))
	// Output: .profile_2022-09-06_12-12-24.txt
}

func TestClean(t *testing.T) {
	for text, want := range map[string]string{
		`hello/world:!\.txt`: "hello_world___.txt",
		"":                   "",
		"a,b-c_d.e f":        "a,b-c_d.e_f",
		"naïve Ⅷ ² ½ ①":      "naïve_Ⅷ_²_½_①",
		"列車 поезд हिन्दी":    "列車_поезд_ह_न_द_", // vowel signs are marks, which isalnum refuses
		"bad\xff\xfeutf8":    "bad__utf8",
		"x\ufffd":            "x_",
		"..":                 "..",
	} {
		if got := name.Clean(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

// everyCharacter cleans each character by the line of Python, and prints those that stay.
const everyCharacter = `
import sys, unicodedata
stay = [c for c in map(chr, range(0x110000)) if c.isalnum() or c in "-_.,"]
known = [c for c in map(chr, range(0x110000)) if unicodedata.category(c) != "Cn"]
sys.stdout.buffer.write("".join(stay).encode("utf-8", "surrogatepass") + b"\0" + "".join(known).encode("utf-8", "surrogatepass"))
`

// moved are the two marks that Unicode 12 made letters; Python has that table from 3.8 on.
var moved = []rune{0x1CF2, 0x1CF3}

// TestCleanIsPythons compares every character that both tables of Unicode know.
func TestCleanIsPythons(t *testing.T) {
	testpy.EachOfSome(t, func(t *testing.T, py testpy.Python) {
		out, err := exec.Command(py.Path, "-c", everyCharacter).Output()
		if err != nil {
			t.Fatal(err)
		}
		stay, known, _ := strings.Cut(string(out), "\x00")
		stays := map[rune]bool{}
		for _, r := range stay {
			stays[r] = true
		}
		compared, differ := 0, 0
		for _, r := range "\x00" + known {
			if unicode.Is(unicode.Cn, r) || py.Minor < 8 && slices.Contains(moved, r) {
				continue // newer than our table, or older than the change
			}
			compared++
			if (name.Clean(string(r)) == string(r)) != stays[r] {
				differ++
				t.Logf("%U: Python keeps it: %v", r, stays[r])
			}
		}
		t.Logf("%d characters compared", compared)
		if differ > 0 || compared < 200_000 {
			t.Errorf("%d of %d characters differ", differ, compared)
		}
	})
}

func TestSafe(t *testing.T) {
	for text, want := range map[string]string{
		"train":                "train",
		"my exp/1:2*3":         "my_exp_1_2_3",
		`a\b"c<d>e|f?g`:        "a_b_c_d_e_f_g",
		"हिन्दी.txt":           "हिन्दी.txt",
		"cafe\u0301":           "café",
		"a\u202eb\u200bc":      "a_b_c",        // an override of direction, a space of no width
		"a\u2066b\u00adc\x7fd": "a_b_c_d",      // an isolate, a soft hyphen, a control
		"a\u3164b\ufe0f\u034f": "a_b__",        // a letter, and marks, that cannot be seen
		".hidden":              ".hidden",      //
		".":                    "_",            //
		"..":                   "_",            //
		"...":                  "_",            //
		"":                     "_",            //
		"dots. . .":            "dots._._",     // a space becomes _, so the dots stay inside
		"dots...":              "dots",         //
		"-rf":                  "_rf",          //
		"con":                  "_con",         //
		"NUL.txt":              "_NUL.txt",     //
		"con.":                 "_con",         //
		"com1.tar.gz":          "_com1.tar.gz", //
		"COM¹":                 "_COM¹",        // Windows takes superscripts for digits
		"console":              "console",      //
		"com10":                "com10",        //
		"a,b":                  "a,b",          //
		"\xff":                 "_",            //
		"Å\u030a":              "Å\u030a",      // composed already
		"ﬁne.txt":              "ﬁne.txt",      // a ligature is not taken apart
		"한국어":                  "한국어",          // composed syllables
	} {
		if got := name.Safe(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

func TestSafeCuts(t *testing.T) {
	for _, c := range []struct {
		text string
		most int
		want string
	}{
		{strings.Repeat("a", 300), 255, strings.Repeat("a", 255)},
		{strings.Repeat("a", 300) + ".txt", 255, strings.Repeat("a", 251) + ".txt"},
		{strings.Repeat("a", 300) + ".tar.gz", 255, strings.Repeat("a", 248) + ".tar.gz"},
		{strings.Repeat("列", 300) + ".txt", 255, strings.Repeat("列", 83) + ".txt"},
		{"a." + strings.Repeat("x", 300), 255, "a." + strings.Repeat("x", 253)}, // too long to be an extension
		{strings.Repeat("a", 19) + "e\u0323\u0323", 21, strings.Repeat("a", 19)},
		{strings.Repeat(".", 300) + strings.Repeat("a", 300), 20, "_"},
		{strings.Repeat("a", 300), 1, strings.Repeat("a", name.MinBytes)},
		{strings.Repeat("a", 300), 1000, strings.Repeat("a", name.MaxBytes)},
		{strings.Repeat("\u0300", 300), 20, "\u0300"},
	} {
		got := name.SafeWithin(c.text, c.most)
		if strings.HasPrefix(c.want, "\u0300") {
			if len(got) == 0 || len(got) > c.most {
				t.Errorf("marks alone became %q", got)
			}
			continue
		}
		if got != c.want {
			t.Errorf("%.20q of %d bytes within %d became %q, want %q", c.text, len(c.text), c.most, got, c.want)
		}
	}
}

// checkSafe is all that is promised of a safe name.
func checkSafe(t *testing.T, text string, most int) {
	t.Helper()
	got := name.SafeWithin(text, most)
	switch {
	case got == "" || got == "." || got == "..",
		len(got) > max(name.MinBytes, min(most, name.MaxBytes)),
		!utf8.ValidString(got),
		strings.ContainsAny(got, "/\\:*?\"<>| "),
		strings.HasPrefix(got, "-"), strings.HasSuffix(got, "."),
		strings.ContainsFunc(got, func(r rune) bool { return unicode.In(r, unicode.C, unicode.Z, unicode.Variation_Selector) }):
		t.Errorf("%q within %d became %q", text, most, got)
	}
	if again := name.SafeWithin(got, most); again != got {
		t.Errorf("%q became %q, which became %q", text, got, again)
	}
}

func FuzzSafe(f *testing.F) {
	for _, text := range []string{"", "..", "con", "a\u0300", strings.Repeat("é", 200) + ".tar.gz", "\xff", "\u1100\u1161\u11a8"} {
		f.Add(text, 255)
		f.Add(text, 20)
	}
	f.Fuzz(checkSafe)
}

func FuzzClean(f *testing.F) {
	f.Add("a/b")
	f.Fuzz(func(t *testing.T, text string) {
		got := name.Clean(text)
		if utf8.RuneCountInString(got) != utf8.RuneCountInString(text) || name.Clean(got) != got {
			t.Errorf("%q became %q", text, got)
		}
	})
}

// TestSafeOfEveryCharacter that is assigned: between a letter and marks, which it may combine with.
func TestSafeOfEveryCharacter(t *testing.T) {
	for r := range rune(unicode.MaxRune) {
		if !unicode.In(r, unicode.Cn, unicode.Co) {
			checkSafe(t, string(r)+"a"+string(r)+"\u0323\u0301", 255)
		}
	}
}

func TestStampsSortAsTimesDo(t *testing.T) {
	at := time.Date(2022, 10, 10, 19, 23, 18, 975783999, time.UTC)
	for _, c := range []struct{ got, want string }{
		{name.Stamp(at), "2022-10-10_19-23-18"},
		{name.StampMicros(at), "2022-10-10_19-23-18.975783"},
		{name.StampMicros(at.Truncate(time.Second)), "2022-10-10_19-23-18.000000"},
		{name.StampBefore("Output.txt", at), "2022-10-10_19-23-18.975783_Output.txt"},
		{name.StampAfter(".profile", at), ".profile_2022-10-10_19-23-18"},
		{name.StampAfter("a.tar.gz", at), "a_2022-10-10_19-23-18.tar.gz"},
		{name.Safe(name.StampMicros(at)), name.StampMicros(at)},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
	last := ""
	for i := range 2000 {
		stamp := name.StampMicros(at.Add(time.Duration(i) * 7777777 * time.Microsecond))
		if stamp <= last {
			t.Fatalf("%s does not sort after %s", stamp, last)
		}
		last = stamp
	}
}
