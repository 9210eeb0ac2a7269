package main

import (
	"encoding/xml"
	"io"
	"strings"
	"testing"
)

func TestSpans(t *testing.T) {
	for text, want := range map[string]string{
		"plain":                     "plain",
		"a < b & c":                 "a &lt; b &amp; c",
		"\x1b[1mbold\x1b[0m rest":   `<tspan class="bold">bold</tspan> rest`,
		"\x1b[1;31mred\x1b[0m":      `<tspan class="bold c1">red</tspan>`,
		"\x1b[2mdim":                `<tspan class="dim">dim</tspan>`,
		"\x1b[0m\x1b[39mnothing":    "nothing",
		"  two\x1b[32m \x1b[0mends": `  two<tspan class="c2"> </tspan>ends`,
	} {
		if got := spans(text); got != want {
			t.Errorf("spans(%q) = %q, want %q", text, got, want)
		}
	}
}

// TestDraw: the picture is XML, with a line of text for each of the terminal's.
func TestDraw(t *testing.T) {
	picture := draw("cantil stats <a.prof>", "\r\none\r\n\x1b[1mtwo\x1b[0m\r\n\r\n")
	if got := strings.Count(picture, "<text "); got != 3 {
		t.Errorf("%d lines, want 3", got)
	}
	decoder := xml.NewDecoder(strings.NewReader(picture))
	for {
		if _, err := decoder.Token(); err == io.EOF {
			return
		} else if err != nil {
			t.Fatal(err)
		}
	}
}
