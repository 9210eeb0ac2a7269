package argspec

import (
	"strings"
	"unicode/utf8"
)

const usagePrefix = "usage: "

// FormatUsage is the usage that the parser prints in a terminal of that many columns. ok is false where only Python can tell.
func (p *Parser) FormatUsage(columns int) (text string, ok bool) {
	text, err := p.usage(columns)
	return text, err == nil
}

func (p *Parser) usage(columns int) (string, error) {
	u := p.UsageParts
	if u == nil || p.Formatter == nil {
		return "", askPython("its usage cannot be described")
	}
	for _, sample := range u.Samples {
		if sample.Columns == columns {
			return sample.Text, nil
		}
	}
	for _, sample := range u.Samples {
		if p.wrapped(sample.Columns) != sample.Text {
			return "", askPython("its usage has a form of its own")
		}
	}
	return p.wrapped(columns), nil
}

// wrapped is HelpFormatter._format_usage.
func (p *Parser) wrapped(columns int) string {
	width := columns - 2
	if p.Formatter.Width != nil {
		width = *p.Formatter.Width
	}
	if p.Usage != nil {
		return usagePrefix + strings.ReplaceAll(strings.ReplaceAll(*p.Usage, "%(prog)s", p.Prog), "%%", "%") + "\n"
	}
	optionals, positionals := p.UsageParts.Optionals, p.UsageParts.Positionals
	all := append(append([]string{p.Prog}, optionals...), positionals...)
	line := strings.Join(all, " ")
	if utf8.RuneCountInString(usagePrefix+line) <= width || len(all) == 1 {
		return usagePrefix + line + "\n"
	}
	head := utf8.RuneCountInString(usagePrefix + p.Prog)
	var lines []string
	if 4*head <= 3*width { // the name is short: what follows it stands to its right
		indent := strings.Repeat(" ", head+1)
		if len(optionals) > 0 {
			lines = append(wrapParts(append([]string{p.Prog}, optionals...), indent, width, len(usagePrefix)), wrapParts(positionals, indent, width, -1)...)
		} else {
			lines = wrapParts(append([]string{p.Prog}, positionals...), indent, width, len(usagePrefix))
		}
	} else {
		indent := strings.Repeat(" ", len(usagePrefix))
		lines = wrapParts(all[1:], indent, width, -1)
		if len(lines) > 1 {
			lines = append(wrapParts(optionals, indent, width, -1), wrapParts(positionals, indent, width, -1)...)
		}
		lines = append([]string{p.Prog}, lines...)
	}
	return usagePrefix + strings.Join(lines, "\n") + "\n"
}

// wrapParts puts as many parts on each line as fit. Where a prefix precedes the first line, that line has no indent.
func wrapParts(parts []string, indent string, width, prefix int) []string {
	var lines, line []string
	length := len(indent) - 1
	if prefix >= 0 {
		length = prefix - 1
	}
	for _, part := range parts {
		n := utf8.RuneCountInString(part)
		if length+1+n > width && len(line) > 0 {
			lines = append(lines, indent+strings.Join(line, " "))
			line, length = nil, len(indent)-1
		}
		line = append(line, part)
		length += n + 1
	}
	if len(line) > 0 {
		lines = append(lines, indent+strings.Join(line, " "))
	}
	if prefix >= 0 {
		lines[0] = lines[0][len(indent):]
	}
	return lines
}
