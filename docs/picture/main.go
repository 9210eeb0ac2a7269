// Command picture draws what a terminal shows as an SVG:
//
//	script -qec "cantil stats train.prof" /dev/null | go run ./docs/picture -title "cantil stats train.prof" > picture.svg
//
// It reads text with the escape sequences for bold, dim and the eight colours.
package main

import (
	"flag"
	"fmt"
	"html"
	"io"
	"os"
	"regexp"
	"strings"
)

// The sizes, in pixels, suit a monospaced font of 13 pixels.
const (
	charWidth  = 7.83
	lineHeight = 19
	margin     = 18
	titleBar   = 36
)

// maxInput bounds the text: a picture of more is no picture.
const maxInput = 1 << 20

func main() {
	title := flag.String("title", "", "what stands at the top: the `command`")
	flag.Parse()
	text, err := io.ReadAll(io.LimitReader(os.Stdin, maxInput))
	if err != nil {
		fmt.Fprintln(os.Stderr, "picture:", err)
		os.Exit(1)
	}
	fmt.Print(draw(*title, string(text)))
}

// draw makes the picture of text under the command title.
func draw(title, text string) string {
	rows := strings.Split(strings.Trim(strings.ReplaceAll(text, "\r", ""), "\n"), "\n")
	if title != "" {
		rows = append([]string{"\x1b[32m$\x1b[0m \x1b[1m" + title + "\x1b[0m"}, rows...)
	}
	columns := 0
	for _, row := range rows {
		columns = max(columns, len([]rune(escape.ReplaceAllString(row, ""))))
	}
	width := int(float64(columns)*charWidth) + 2*margin
	height := titleBar + len(rows)*lineHeight + margin
	var b strings.Builder
	fmt.Fprintf(&b, head, width, height, width, height)
	for i, row := range rows {
		y := titleBar + margin - 4 + i*lineHeight
		fmt.Fprintf(&b, "<text x=\"%d\" y=\"%d\" xml:space=\"preserve\">%s</text>\n", margin, y, spans(row))
	}
	return b.String() + "</svg>\n"
}

const head = `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" role="img">
<style>
text { font: 13px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; fill: #d7dce2; white-space: pre; }
.bold { font-weight: bold; fill: #ffffff } .dim { fill: #8b95a1 }
.c1 { fill: #ff7b72 } .c2 { fill: #7ee787 } .c3 { fill: #e3b341 } .c4 { fill: #79c0ff } .c5 { fill: #d2a8ff } .c6 { fill: #76e3ea }
</style>
<rect width="%d" height="%d" rx="9" fill="#14181d"/>
<circle cx="20" cy="18" r="5.5" fill="#ff5f57"/><circle cx="38" cy="18" r="5.5" fill="#febc2e"/><circle cx="56" cy="18" r="5.5" fill="#28c840"/>
`

var escape = regexp.MustCompile("\x1b\\[([0-9;]*)m")

// spans turns escape sequences into spans with classes.
func spans(row string) string {
	var b strings.Builder
	class := ""
	for row != "" {
		at := escape.FindStringSubmatchIndex(row)
		if at == nil {
			at = []int{len(row), len(row), 0, 0}
		}
		if text := html.EscapeString(row[:at[0]]); text != "" && class != "" {
			fmt.Fprintf(&b, "<tspan class=\"%s\">%s</tspan>", class, text)
		} else {
			b.WriteString(text)
		}
		class = classOf(row[at[2]:at[3]])
		row = row[at[1]:]
	}
	return b.String()
}

// classOf names the style of a sequence's numbers.
func classOf(numbers string) string {
	var classes []string
	for _, n := range strings.Split(numbers, ";") {
		switch {
		case n == "1":
			classes = append(classes, "bold")
		case n == "2":
			classes = append(classes, "dim")
		case len(n) == 2 && n[0] == '3' && n[1] >= '1' && n[1] <= '6':
			classes = append(classes, "c"+n[1:])
		}
	}
	return strings.Join(classes, " ")
}
