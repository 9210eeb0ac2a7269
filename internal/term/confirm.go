package term

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// maxAnswer bounds the line that answers a question.
const maxAnswer = 1 << 10

// Confirm asks a question on out and reads the answer from in, as a line. Only y and yes mean yes; an empty line
// and the end of the input mean no.
func Confirm(in io.Reader, out io.Writer, question string) (bool, error) {
	if _, err := fmt.Fprintf(out, "%s [y/N] ", question); err != nil {
		return false, err
	}
	line, err := bufio.NewReader(io.LimitReader(in, maxAnswer)).ReadString('\n')
	if err == io.EOF {
		fmt.Fprintln(out) // Ctrl-D leaves the cursor behind the question
		err = nil
	}
	answer := strings.ToLower(strings.TrimSpace(line))
	return answer == "y" || answer == "yes", err
}
