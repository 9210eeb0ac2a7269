package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/pflag"
)

//go:generate go run ./gendocs -markdown ../../docs/commands

// WriteMarkdown writes a page for each command, and README.md as their list, into
// dir, which it makes.
func WriteMarkdown(dir string) error { return writePages(dir, markdownPages()) }

// WriteMan writes cantil.1 and a man page for each command into dir, which it makes.
func WriteMan(dir string) error { return writePages(dir, manPages()) }

// page is a file of the manual.
type page struct{ name, text string }

func writePages(dir string, pages []page) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, p := range pages {
		if err := os.WriteFile(filepath.Join(dir, p.name), []byte(p.text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

const generated = "<!-- Made by `make gen` from internal/cli; edits here are lost. -->\n\n"

func markdownPages() []page {
	list := flat(commands(Env{}))
	var index strings.Builder
	index.WriteString(generated + "# Commands\n\n| command | |\n|---|---|\n")
	var pages []page
	for _, c := range list {
		fmt.Fprintf(&index, "| [cantil %s](%s.md) | %s |\n", c.Name, c.file(), c.Summary)
		pages = append(pages, page{c.file() + ".md", c.markdown()})
	}
	return append(pages, page{"README.md", index.String()})
}

func (c command) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s# cantil %s\n\n%s.\n\n```\n", generated, c.Name, capital(c.Summary))
	for _, s := range c.Synopsis {
		fmt.Fprintf(&b, "cantil %s\n", s)
	}
	fmt.Fprintf(&b, "```\n\n%s\n\n## Examples\n\n", c.Detail)
	for _, e := range c.Examples {
		fmt.Fprintf(&b, "%s:\n\n```sh\n%s\n```\n\n", capital(e.Does), e.Line)
	}
	b.WriteString("## Flags\n\n| flag | |\n|---|---|\n")
	c.cobra.Flags().VisitAll(func(f *pflag.Flag) {
		name, value, text := flagParts(f)
		fmt.Fprintf(&b, "| `%s` | %s |\n", strings.TrimSpace(name+" "+value), strings.ReplaceAll(text, "|", `\|`))
	})
	b.WriteString("\n## Exit codes\n\n| code | |\n|---|---|\n")
	for _, e := range c.exits() {
		fmt.Fprintf(&b, "| %s | %s |\n", e.Code, e.Meaning)
	}
	return b.String()
}

// flagParts is a flag as the manual shows it: its names, its value's name, what it does.
func flagParts(f *pflag.Flag) (name, value, text string) {
	value, text = pflag.UnquoteUsage(f)
	name = "--" + f.Name
	if f.Shorthand != "" {
		name = "-" + f.Shorthand + ", " + name
	}
	if f.DefValue != "" && f.DefValue != "false" && f.DefValue != "[]" {
		text += fmt.Sprintf(" (default %s)", strings.Trim(f.DefValue, "[]"))
	}
	return name, value, text
}

func manPages() []page {
	list := flat(commands(Env{}))
	var index strings.Builder
	index.WriteString(manTitle("cantil", "run, time, profile and compare Python programs"))
	index.WriteString(".SH SYNOPSIS\n.B cantil\nCOMMAND [flags] ...\n.SH COMMANDS\n")
	pages := make([]page, 0, len(list)+1)
	for _, c := range list {
		fmt.Fprintf(&index, ".TP\n.BR cantil\\-%s (1)\n%s\n", roff(c.file()), roff(c.Summary))
		pages = append(pages, page{"cantil-" + c.file() + ".1", c.man()})
	}
	return append(pages, page{"cantil.1", index.String()})
}

// man is the command's page in the man macros of roff (man-pages(7)).
func (c command) man() string {
	var b strings.Builder
	b.WriteString(manTitle("cantil-"+c.file(), c.Summary) + ".SH SYNOPSIS\n.nf\n")
	for _, s := range c.Synopsis {
		fmt.Fprintf(&b, "cantil %s\n", roff(s))
	}
	fmt.Fprintf(&b, ".fi\n.SH DESCRIPTION\n%s\n.SH OPTIONS\n", strings.ReplaceAll(roff(c.Detail), "\n\n", "\n.PP\n"))
	c.cobra.Flags().VisitAll(func(f *pflag.Flag) {
		name, value, text := flagParts(f)
		fmt.Fprintf(&b, ".TP\n\\fB%s\\fR \\fI%s\\fR\n%s\n", roff(name), roff(value), roff(text))
	})
	b.WriteString(".SH EXAMPLES\n")
	for _, e := range c.Examples {
		fmt.Fprintf(&b, ".PP\n%s:\n.PP\n.RS 4\n.nf\n%s\n.fi\n.RE\n", roff(capital(e.Does)), roff(e.Line))
	}
	b.WriteString(".SH EXIT STATUS\n")
	for _, e := range c.exits() {
		fmt.Fprintf(&b, ".TP\n\\fB%s\\fR\n%s\n", roff(e.Code), roff(e.Meaning))
	}
	return b.String() + ".SH SEE ALSO\n.BR cantil (1)\n"
}

func manTitle(name, summary string) string {
	return fmt.Sprintf(".TH %s 1\n.SH NAME\n%s \\- %s\n", roff(strings.ToUpper(name)), roff(name), roff(summary))
}

// roff keeps text from being read as roff: backslashes, hyphens, leading dots and quotes.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(text)
	rows := strings.Split(text, "\n")
	for i, row := range rows {
		if strings.HasPrefix(row, ".") || strings.HasPrefix(row, "'") {
			rows[i] = `\&` + row
		}
	}
	return strings.Join(rows, "\n")
}

// capital makes the first letter of an English sentence large.
func capital(text string) string {
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:]
}
