package app

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// printedRun is an output as a shim keeps it.
type printedRun struct {
	dir                   string
	stdout, stderr, index strings.Builder
}

func (p *printedRun) chunk(stream byte, text string) {
	fmt.Fprintf(&p.index, "%.6f %c %d\n", 0.5, stream, len(text))
	if stream == 'o' {
		p.stdout.WriteString(text)
	} else {
		p.stderr.WriteString(text)
	}
}

// write writes what is there by now; the last cut bytes of stdout are lost.
func (p *printedRun) write(t *testing.T, cut int) *Output {
	t.Helper()
	if p.dir == "" {
		p.dir = t.TempDir()
	}
	stdout := p.stdout.String()
	for name, text := range map[string]string{"stdout.log": stdout[:len(stdout)-cut], "stderr.log": p.stderr.String(), "output.idx": p.index.String()} {
		if err := os.WriteFile(filepath.Join(p.dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return &Output{dir: p.dir}
}

func partOf(t *testing.T, o *Output, over bool, from, count int) OutputPart {
	t.Helper()
	part, err := o.Part(context.Background(), over, from, count)
	if err != nil {
		t.Fatal(err)
	}
	return part
}

// texts are the rows in a line: o:text for stdout, e:text for stderr.
func texts(part OutputPart) string {
	var list []string
	for _, row := range part.Rows {
		list = append(list, string(row.Stream[3])+":"+row.Text)
	}
	return strings.Join(list, "|")
}

func TestOutputRows(t *testing.T) {
	for _, c := range []struct {
		name   string
		chunks []string // "o" or "e" and the text
		cut    int
		over   bool
		want   string
	}{
		{"nothing", nil, 0, true, ""},
		{"lines of both", []string{"oa\nb\n", "ec\n", "od\n"}, 0, true, "o:a|o:b|e:c|o:d"},
		{"a line in two chunks", []string{"oab", "ocd\n"}, 0, true, "o:abcd"},
		{"the other stream between", []string{"oab", "ex\n", "ocd\n"}, 0, true, "o:ab|e:x|o:cd"},
		{"no end yet", []string{"oa\nb"}, 0, false, "o:a|o:b"},
		{"no end at the end", []string{"oa\nb"}, 0, true, "o:a|o:b"},
		{"empty lines", []string{"o\n\n", "e\n"}, 0, true, "o:|o:|e:"},
		{"ends of Windows", []string{"oa\r\nb\r\n"}, 0, true, "o:a|o:b"},
		{"a log that lost its end", []string{"oa\nbcd\n", "ex\n"}, 5, true, "o:a|e:x"},
		{"empty chunks", []string{"o", "oa\n", "e"}, 0, true, "o:a"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var p printedRun
			for _, chunk := range c.chunks {
				p.chunk(chunk[0], chunk[1:])
			}
			if got := texts(partOf(t, p.write(t, c.cut), c.over, 0, 100)); got != c.want {
				t.Errorf("the rows are %q, want %q", got, c.want)
			}
		})
	}
}

// TestOutputUnnamed: what no line of the index names is there once nothing more comes, not before.
func TestOutputUnnamed(t *testing.T) {
	var p printedRun
	p.chunk('o', "a\n")
	p.stdout.WriteString("late\n")
	p.stderr.WriteString("too\n")
	o := p.write(t, 0)
	if got := texts(partOf(t, o, false, 0, 10)); got != "o:a" {
		t.Errorf("while it goes on: %q", got)
	}
	if got := texts(partOf(t, o, true, 0, 10)); got != "o:a|o:late|e:too" {
		t.Errorf("at the end: %q", got)
	}
}

// TestOutputLongRows: a line of any length is cut, between characters, and nothing of it is lost.
func TestOutputLongRows(t *testing.T) {
	line := strings.Repeat("é€𝄞a", 3000)
	var p printedRun
	p.chunk('o', line[:7001])
	p.chunk('o', line[7001:]+"\nend\n")
	part := partOf(t, p.write(t, 0), true, 0, 100)
	var whole strings.Builder
	for _, row := range part.Rows[:len(part.Rows)-1] {
		if len(row.Text) > longestRow || strings.ContainsRune(row.Text, '\uFFFD') {
			t.Errorf("a row of %d bytes, or one that is cut within a character", len(row.Text))
		}
		whole.WriteString(row.Text)
	}
	if whole.String() != line || part.Rows[len(part.Rows)-1].Text != "end" {
		t.Errorf("%d bytes of %d came back, and %q", whole.Len(), len(line), part.Rows[len(part.Rows)-1].Text)
	}
}

// TestOutputWindows: any part, asked for while the output grows by chunks of chance, is the part of the whole.
func TestOutputWindows(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	var p printedRun
	var known *Output
	for step := range 40 {
		for range random.IntN(200) {
			text := strings.Repeat("x", random.IntN(20))
			if random.IntN(4) > 0 {
				text += "\n" + strings.Repeat("y", random.IntN(9)) + "\n"
			}
			p.chunk("ooe"[random.IntN(3)], text)
		}
		fresh := p.write(t, 0)
		if known == nil {
			known = fresh
		}
		over := step == 39
		whole := wholeOf(t, fresh, over)
		from, count := random.IntN(len(whole)+1), 1+random.IntN(700)
		part := partOf(t, known, over, from, count)
		want := whole[from:min(len(whole), from+count)]
		if part.Total != len(whole) || texts(part) != texts(OutputPart{Rows: want}) {
			t.Fatalf("step %d: rows %d to %d of %d are not those of the whole; total %d", step, from, from+count, len(whole), part.Total)
		}
		if tail := partOf(t, known, over, -1, 10); tail.From != max(0, len(whole)-10) {
			t.Fatalf("step %d: the last rows begin at %d of %d", step, tail.From, len(whole))
		}
	}
}

// wholeOf reads all rows from the first on, without any mark.
func wholeOf(t *testing.T, o *Output, over bool) (rows []OutputRow) {
	t.Helper()
	err := o.rows(0, over, func(row OutputRow, text []byte) bool {
		row.Text = string(trimEnd(text))
		rows = append(rows, row)
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// TestOutputDamaged: an index that is none is an error, in words.
func TestOutputDamaged(t *testing.T) {
	for _, index := range []string{"x\n", "0.1 o\n", "0.1 o x\n", "0.1 o -5\n", strings.Repeat("9", 200) + "\n", strings.Repeat("9", 1<<20)} {
		var p printedRun
		p.index.WriteString(index)
		if _, err := p.write(t, 0).Part(context.Background(), true, 0, 10); err == nil || !strings.Contains(err.Error(), "output.idx") {
			t.Errorf("%.20q: %v", index, err)
		}
	}
}

// TestOutputMillion: of a million lines any part is there at once, when they were counted.
func TestOutputMillion(t *testing.T) {
	const lines = 1_000_000
	var p printedRun
	for n := 0; n < lines; n += 1000 {
		var b strings.Builder
		for i := range 1000 {
			fmt.Fprintf(&b, "line %d of many that are printed\n", n+i)
		}
		p.chunk('o', b.String())
	}
	o := p.write(t, 0)
	start := time.Now()
	part := partOf(t, o, true, -1, 1)
	for part.More {
		part = partOf(t, o, true, -1, 1)
	}
	counted := time.Since(start)
	start = time.Now()
	middle := partOf(t, o, true, lines/2+123, 400)
	t.Logf("counted in %s, 400 rows in the middle in %s, %d places kept", counted, time.Since(start), len(o.marks))
	if part.Total != lines || len(middle.Rows) != 400 || middle.Rows[0].Text != "line 500123 of many that are printed" {
		t.Errorf("%d rows, and the middle begins with %q", part.Total, middle.Rows[0].Text)
	}
	hits, err := o.Search(context.Background(), true, "LINE 999999 ")
	if err != nil || len(hits.Rows) != 1 || hits.Rows[0] != lines-1 {
		t.Errorf("found in %v, %v", hits.Rows, err)
	}
}
