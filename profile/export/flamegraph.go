package export

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"fmt"
	"hash/fnv"
	"io"
	"strconv"

	"github.com/cantil-py/cantil/profile/pstats"
	"github.com/cantil-py/cantil/profile/stacks"
	"github.com/cantil-py/cantil/profile/tree"
)

// flamegraph is a picture for a browser or a page: the outermost function on top, each
// function's callees below it, as wide as the time they took, the widest first. Functions
// of one file have one colour; what is known of a box stands in its title, which browsers
// show where the mouse is. It follows the reader's choice of dark or light, and holds no script.
func flamegraph() Format {
	return Format{
		Name: "flamegraph", Summary: "a browser, or a page: a flame graph as one SVG, without scripts", Ending: ".svg",
		Sampled: func(w io.Writer, p *stacks.Profile) error {
			t := tree.FromSamples(p, flameOptions)
			return writeFlame(w, t, flameHead{title: commandName(p), counts: fmt.Sprintf("%d samples", len(p.Samples)), unit: "samples"})
		},
		Exact: func(w io.Writer, s *pstats.Stats) error {
			t := tree.FromExact(s, flameOptions)
			return writeFlame(w, t, flameHead{title: sourceName(s), counts: fmt.Sprintf("%d calls", s.TotalCalls), unit: "calls"})
		},
	}
}

// sourceName is what an exact profile is of: its file.
func sourceName(s *pstats.Stats) string {
	switch len(s.Sources) {
	case 0:
		return "profile"
	case 1:
		return s.Sources[0].Path
	}
	return fmt.Sprintf("%s and %d more", s.Sources[0].Path, len(s.Sources)-1)
}

const (
	flameWidth    = 1200 // of the picture, in pixels; it scales
	flameMargin   = 12
	flameTop      = 58
	flameRow      = 18
	flameChar     = 6.65 // width of a character of the font, or more
	flameColours  = 10
	flameLeast    = 0.2  // pixels: narrower boxes are left out, and told
	flameMaxDepth = 500  // rows: a browser's limit is near 60,000 pixels
	flameFewRows  = 60   // that are drawn in any case; deeper ones where they have a box ...
	flameWorth    = 12   // ... of as many pixels: a thread of recursion makes no tall picture
	maxText       = 2000 // characters of a title: a name may have millions
)

var flameOptions = tree.Options{MaxNodes: 200_000, MaxDepth: flameMaxDepth}

type flameHead struct{ title, counts, unit string }

// flamePicture is where the boxes go.
type flamePicture struct {
	out    *bufio.Writer
	tree   *tree.Tree
	scale  float64 // pixels a second
	left   []float64
	level  []int32
	boxes  int
	narrow int
	rows   int
	unsure [3]int // boxes of each sureness
	unit   string
	line   []byte
	names  map[int32]flameName
}

// flameName is what every box of a function has.
type flameName struct {
	label, title string
	colour       int
}

func writeFlame(w io.Writer, t *tree.Tree, head flameHead) error {
	p := &flamePicture{
		out: bufio.NewWriterSize(w, 1<<16), tree: t, unit: head.unit, names: map[int32]flameName{},
		left: make([]float64, len(t.Nodes)), level: make([]int32, len(t.Nodes)),
	}
	if total := t.Nodes[0].Cumulative; total > 0 {
		p.scale = (flameWidth - 2*flameMargin) / total
	}
	p.place()
	height := flameTop + max(1, p.rows)*flameRow + 34
	fmt.Fprintf(p.out, flameBegin, flameWidth, height, flameWidth, height, escaped(shortened(head.title, maxText)), flameStyle,
		flameWidth, height, flameMargin, escaped(shortened(head.title, 140)), flameMargin, escaped(p.summary(head)))
	for at := 1; at < len(t.Nodes); at++ {
		p.box(int32(at))
	}
	p.legend(height - 12)
	p.out.WriteString("</svg>\n")
	return p.out.Flush() // it keeps the first error
}

// place puts every node below its caller, one beside the other. The nodes come parents first.
func (p *flamePicture) place() {
	nodes := p.tree.Nodes
	deepest := int32(0)
	for at := range nodes {
		x := p.left[at]
		for i := nodes[at].First; i < nodes[at].First+nodes[at].Len; i++ {
			p.left[i], p.level[i] = x, p.level[at]+1
			width := nodes[i].Cumulative * p.scale
			x += width
			if width >= flameLeast && (p.level[i] <= flameFewRows || width >= flameWorth) {
				deepest = max(deepest, p.level[i])
			}
		}
	}
	p.rows = int(deepest)
	for at := range nodes[1:] {
		if p.drawn(int32(at + 1)) {
			p.boxes++
			p.unsure[nodes[at+1].Sureness]++
		} else {
			p.narrow++
		}
	}
}

func (p *flamePicture) drawn(at int32) bool {
	return p.tree.Nodes[at].Cumulative*p.scale >= flameLeast && int(p.level[at]) <= p.rows
}

// summary tells what is shown, and what is not.
func (p *flamePicture) summary(head flameHead) string {
	text := duration(p.tree.Nodes[0].Cumulative) + " in " + head.counts
	if p.boxes == 0 {
		return text + ": nothing to draw"
	}
	if p.narrow > 0 {
		text += fmt.Sprintf(" · %d boxes are too narrow to be drawn", p.narrow)
	}
	if p.tree.Cut.Nodes > 0 {
		text += fmt.Sprintf(" · %d more boxes lack callees, %s of them", p.tree.Cut.Nodes, duration(p.tree.Cut.Seconds))
	}
	return text
}

// box draws a node, with as much of its name as fits.
func (p *flamePicture) box(at int32) {
	n := &p.tree.Nodes[at]
	if !p.drawn(at) {
		return
	}
	width := n.Cumulative * p.scale
	name := p.name(n.Func)
	x, y := flameMargin+p.left[at], flameTop+int(p.level[at]-1)*flameRow
	l := append(p.line[:0], `<g class="`...)
	l = append(append(l, n.Sureness.String()...), " c"...)
	l = strconv.AppendInt(l, int64(name.colour), 10)
	l = append(append(l, `"><title>`...), name.title...)
	l = p.appendFigures(l, n)
	l = append(l, `</title><rect x="`...)
	l = strconv.AppendFloat(l, x, 'f', 2, 64)
	l = strconv.AppendInt(append(l, `" y="`...), int64(y), 10)
	l = strconv.AppendFloat(append(l, `" width="`...), max(flameLeast, width-0.6), 'f', 2, 64)
	l = append(l, `" height="17" rx="1.5"/>`...)
	if room := int((width - 7) / flameChar); room >= 3 {
		l = strconv.AppendFloat(append(l, `<text x="`...), x+3.5, 'f', 2, 64)
		l = strconv.AppendInt(append(l, `" y="`...), int64(y)+13, 10)
		l = append(append(append(l, `">`...), escaped(shortened(name.label, room))...), "</text>"...)
	}
	p.line = append(l, "</g>\n"...)
	p.out.Write(p.line)
}

// appendFigures appends what is known of a node.
func (p *flamePicture) appendFigures(l []byte, n *tree.Node) []byte {
	l = append(l, '\n')
	l = append(append(l, duration(n.Cumulative)...), ", "...)
	l = append(append(l, percent(n.Cumulative, p.tree.Nodes[0].Cumulative)...), "; "...)
	l = append(append(l, duration(n.Own)...), " its own; "...)
	l = append(strconv.AppendInt(l, n.Calls, 10), ' ')
	l = append(l, p.unit...)
	switch n.Sureness {
	case tree.Bounded:
		l = append(append(l, "\nbounded: from "...), duration(n.Low)...)
		l = append(append(l, " to "...), duration(n.High)...)
	case tree.Guessed:
		l = append(append(l, "\nguessed: at most "...), duration(n.High)...)
	}
	if n.Cut {
		l = append(l, "\nnot all its callees are there"...)
	}
	return l
}

func (p *flamePicture) name(id int32) flameName {
	name, ok := p.names[id]
	if !ok {
		f := p.tree.Funcs[id]
		name.label = shortened(oneLine(f.Name, "", ' '), flameWidth/6)
		name.title = escaped(shortened(oneLine(f.Name, "", ' '), maxText))
		hash := fnv.New32a()
		if f.File != "" {
			name.title += "\n" + escaped(shortened(oneLine(fmt.Sprintf("%s:%d", f.File, f.Line), "", ' '), maxText))
			io.WriteString(hash, f.File)
			name.colour = 1 + int(hash.Sum32()%flameColours)
		}
		p.names[id] = name
	}
	return name
}

// legend explains the boxes of which not all is known, where there are any.
func (p *flamePicture) legend(y int) {
	if p.unsure[tree.Bounded]+p.unsure[tree.Guessed] == 0 {
		return
	}
	x := flameMargin
	for _, entry := range []struct{ class, text string }{
		{"known", "known"},
		{"bounded", "bounded: the path was taken, the time on it is shared out by callers"},
		{"guessed", "guessed: shared out by callers, the path may not have been taken"},
	} {
		fmt.Fprintf(p.out, `<g class="%s c1"><rect x="%d" y="%d" width="14" height="12" rx="1.5"/></g><text class="note" x="%d" y="%d">%s</text>`+"\n",
			entry.class, x, y-10, x+20, y, entry.text)
		x += 44 + int(float64(len(entry.text))*6.2)
	}
}

// escaped is text for XML. What XML cannot hold becomes U+FFFD.
func escaped(text string) string {
	var b bytes.Buffer
	if err := xml.EscapeText(&b, []byte(text)); err != nil {
		return "" // a buffer does not fail
	}
	return b.String()
}
