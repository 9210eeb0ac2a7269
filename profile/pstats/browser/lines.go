package browser

import (
	"bufio"
	"fmt"
	"io"
)

// MaxLine bounds a line of input, in bytes.
const MaxLine = 1 << 20

// Lines reads lines from in and writes the prompts to out.
func Lines(in io.Reader, out io.Writer) LineReader {
	scanner := bufio.NewScanner(in)
	scanner.Buffer(nil, MaxLine)
	return &plainLines{scanner, out}
}

type plainLines struct {
	scanner *bufio.Scanner
	out     io.Writer
}

func (l *plainLines) ReadLine(prompt string) (string, error) {
	if _, err := io.WriteString(l.out, prompt); err != nil {
		return "", err
	}
	if l.scanner.Scan() {
		return l.scanner.Text(), nil
	}
	if err := l.scanner.Err(); err != nil {
		return "", fmt.Errorf("line of more than %d bytes, or unreadable: %w", MaxLine, err)
	}
	return "", io.EOF
}
