package cli

import "testing"

func TestNearest(t *testing.T) {
	words := []string{"profile", "stats", "completion", "version", "strip-dirs", "sort"}
	for word, want := range map[string]string{
		"profle": "profile", "porfile": "profile", "Profile": "profile", "prof": "profile",
		"stat": "stats", "staks": "stats", "stripdirs": "strip-dirs", "strip_dirs": "strip-dirs",
		"srot": "sort", "xyzzy": "", "a": "", "": "",
	} {
		if got := nearest(word, words); got != want {
			t.Errorf("nearest(%q) = %q, want %q", word, got, want)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"", "abc", 3}, {"abc", "", 3}, {"abc", "abc", 0}, {"abc", "acb", 1}, {"kitten", "sitting", 3}, {"ab", "ba", 1}} {
		if got := distance(c.a, c.b); got != c.want {
			t.Errorf("distance(%q, %q) = %d, want %d", c.a, c.b, got, c.want)
		}
	}
}
