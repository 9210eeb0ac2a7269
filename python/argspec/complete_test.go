package argspec

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cantil-py/cantil/internal/testpy"
	"github.com/cantil-py/cantil/python/boot"
)

// TestComplete: the last word of each line is completed, by words in this order, and by files where there is a star.
func TestComplete(t *testing.T) {
	py, home := testpy.Newest(t), t.TempDir()
	specs := map[string]*Spec{}
	for _, c := range []struct{ line, want string }{
		{"plain --n", "--number --name"},
		{"plain --number ", ""},
		{"plain --text ", "*"},
		{"plain --number 3 --n", "--name"},
		{"plain --number=3 --n", "--name"},
		{"plain --num 3 --n", "--name"},
		{"choices --color ", "red green it's blue"},
		{"choices --color=g", "--color=green"},
		{"choices --size ", "1 2 10"},
		{"choices t", "there"},
		{"choices here ", ""},
		{"commands t", "train test"},
		{"commands --verbose tr", "train"},
		{"commands train --e", "--epochs"},
		{"commands train ", "*"},
		{"commands test -k a -", "-h --help -k"},
		{"commands_deep remote a", "add"},
		{"commands_deep remote add x --track ", "main dev"},
		{"exclusive --json --c", ""},
		{"exclusive --c", "--csv"},
		{"pairs --size 1 ", ""},
		{"pairs --size 1 2 --t", "--three"},
		{"pairs --three a b ", "*"},
		{"plus --by 1 --a", "--all"},
		{"plus 1 2 --b", "--by"},
		{"optional_value --log --le", "--level"},
		{"optional_value --log ", "*"},
		{"flags -v -v -", "-h --help -v --verbose -q --no-save --fast --slow -x -y"},
		{"no_abbrev --verb --v", "--verbose"},
		{"star a -- --f", ""},
		{"required --m", "--must"},
		{"prefix +", "+h ++help +x ++long"},
	} {
		words := strings.Split(c.line, " ")
		name, last := words[0], len(words)-1
		if specs[name] == nil {
			s, err := Read(context.Background(), Program{Program: boot.Program{Python: py.Path, Name: filepath.Join("testdata", "programs", name+".py")}, Home: home})
			if err != nil {
				t.Fatal(err)
			}
			specs[name] = s
		}
		list, files := specs[name].Complete(words[1:last], words[last])
		var got []string
		for _, candidate := range list {
			got = append(got, candidate.Text)
		}
		if files {
			got = append(got, "*")
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%q is completed by %q, want %q", c.line, strings.Join(got, " "), c.want)
		}
	}
}
