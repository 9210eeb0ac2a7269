package store_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/cantil-py/cantil/internal/store"
)

func TestCleanName(t *testing.T) {
	for name, want := range map[string]string{
		"train":                        "train",
		"my exp/1:2*3":                 "my_exp_1_2_3",
		`a\b"c<d>e|f?g`:                "a_b_c_d_e_f_g",
		"поезд-3.б":                    "поезд-3.б",
		"列車":                           "列車",
		"हिन्दी":                       "हिन्दी", // vowel signs are marks
		"cafe\u0301":                   "café",   // composed
		"a\u202eb\u200bc":              "a_b_c",  // an override of direction, a space of no width
		"..hidden":                     "hidden",
		"-rf":                          "rf",
		"dots...":                      "dots",
		"":                             "run",
		"...":                          "run",
		"a\x00b\nc\td":                 "a_b_c_d",
		"bad\xff\xfeutf8":              "bad__utf8",
		"con":                          "_con",
		"NUL.txt":                      "_NUL.txt",
		"com1":                         "_com1",
		"COM¹":                         "_COM¹", // a device too
		"LPT9.x.y":                     "_LPT9.x.y",
		"console":                      "console",
		"com10":                        "com10",
		strings.Repeat("a", 300):       strings.Repeat("a", 80),
		strings.Repeat("я", 300):       strings.Repeat("я", 40),
		strings.Repeat("列", 300):       strings.Repeat("列", 26),
		strings.Repeat("a", 79) + ".b": strings.Repeat("a", 78) + ".b",
	} {
		if got := store.CleanName(name); got != want {
			t.Errorf("%q became %q, want %q", name, got, want)
		}
	}
}

func FuzzCleanName(f *testing.F) {
	f.Add("a/b")
	f.Fuzz(func(t *testing.T, name string) {
		got := store.CleanName(name)
		if got == "" || len(got) > 81 || !utf8.ValidString(got) || strings.ContainsAny(got, "/\\:*?\"<>| \x00") ||
			strings.HasPrefix(got, ".") || strings.HasSuffix(got, ".") {
			t.Errorf("%q became %q", name, got)
		}
		if again := store.CleanName(got); again != got {
			t.Errorf("%q, cleaned again, became %q", got, again)
		}
	})
}
