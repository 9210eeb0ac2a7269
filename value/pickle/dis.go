package pickle

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// DisOptions is how [Dis] prints.
type DisOptions struct {
	// Annotate is the column at which a description of each opcode stands, as far as
	// the line leaves room; 0 for none. python -m pickletools -a has 30.
	Annotate int
	// Indent is the number of blanks for each open mark; 0 means 4.
	Indent int
}

// Dis writes the opcodes of the first pickle in r to w, as Python's pickletools.dis
// does, those of CPython 3.14. It checks less than a [Decoder]: frames may be crossed.
// A fault is told after the lines before it, and for the stack's and the memo's after
// the faulty line itself.
func Dis(w io.Writer, r io.Reader, opts DisOptions) error {
	if opts.Indent == 0 {
		opts.Indent = 4
	}
	out := bufio.NewWriter(w)
	d := disassembler{DisOptions: opts, out: out, column: opts.Annotate, memo: map[uint64]bool{}}
	d.m = machine{source: source{r: r, frame: -1}, Options: &Options{}}
	err := d.run()
	if flushed := out.Flush(); flushed != nil {
		return flushed
	}
	return err
}

// disassembler emulates the stack only as far as marks need it.
type disassembler struct {
	DisOptions
	m      machine
	out    *bufio.Writer
	column int    // where the last annotation began
	isMark []bool // for what is on the stack
	marks  []int64
	memo   map[uint64]bool // whether what was stored is a mark
}

func (d *disassembler) run() error {
	highest := -1
	for {
		d.m.opAt = d.m.at()
		op, err := d.m.opcode()
		if err == io.EOF {
			return errors.New("pickle: the pickle ended before its STOP")
		}
		if err != nil {
			return err
		}
		in := &opcodes[op]
		if in.name == "" {
			return &SyntaxError{d.m.opAt, "", fmt.Errorf("0x%02x is no opcode", op)}
		}
		arg, number, err := d.m.argument(in.arg)
		if err != nil {
			return d.m.wrong(op, err)
		}
		highest = max(highest, in.proto)
		if err := d.line(op, arg, number); err != nil {
			return d.m.wrong(op, err)
		}
		if op == opStop {
			break
		}
	}
	fmt.Fprintln(d.out, "highest protocol among opcodes =", highest)
	if n := len(d.isMark); n > 0 {
		return fmt.Errorf("pickle: %d values are left on the stack after STOP", n)
	}
	return nil
}

// line prints one opcode and does to the stack what it does.
func (d *disassembler) line(op byte, arg string, number uint64) error {
	in := &opcodes[op]
	line := fmt.Sprintf("%-4s %s%s", opText(op), strings.Repeat(" ", d.Indent*len(d.marks)), in.name)
	note, pops, fault := d.takeMark(op)
	stored := false
	switch op {
	case opPut, opBinput, opLongBinput, opMemoize:
		if op == opMemoize {
			number = uint64(len(d.memo))
			note = fmt.Sprintf("(as %d)", number)
		}
		if err := d.store(number); err != nil {
			fault = err
		}
	case opGet, opBinget, opLongBinget:
		if stored = d.memo[number]; !stored {
			fault = fmt.Errorf("memo key %d has never been stored into", number)
		}
	}
	if arg != "" || note != "" {
		line += strings.Repeat(" ", 10-min(10, len(in.name)))
	}
	if arg != "" {
		line += " " + arg
	}
	if note != "" {
		line += " " + note
	}
	fmt.Fprintf(d.out, "%5d: %s\n", d.m.opAt, d.annotated(line, in.doc))
	if fault != nil {
		return fault
	}
	return d.effects(in, pops)
}

// opText is the opcode's byte as Python's repr has it.
func opText(op byte) string {
	if op < 0x80 {
		return string(rune(op))
	}
	return fmt.Sprintf(`\x%02x`, op)
}

// annotated adds the opcode's description; columns are counted in characters.
func (d *disassembler) annotated(line, doc string) string {
	if d.Annotate == 0 {
		return line
	}
	width := 0
	for s := line; s != ""; width++ {
		_, size := decodeRune(s)
		s = s[size:]
	}
	if width < d.column {
		line += strings.Repeat(" ", d.column-width)
		width = d.column
	}
	if d.column = width; d.column > 50 {
		d.column = d.Annotate
	}
	return line + " " + doc
}

// takeMark pops to the topmost mark, if the opcode does; pops is what it pops then.
func (d *disassembler) takeMark(op byte) (note string, pops int, fault error) {
	in := &opcodes[op]
	n := len(d.isMark)
	if !in.toMark && !(op == opPop && n > 0 && d.isMark[n-1]) {
		return "", in.pops, nil
	}
	if len(d.marks) == 0 {
		return "", in.pops, errors.New("no MARK exists on stack")
	}
	at := d.marks[len(d.marks)-1]
	d.marks = d.marks[:len(d.marks)-1]
	for n > 0 && !d.isMark[n-1] {
		n--
	}
	d.isMark = d.isMark[:max(0, n-1)]
	pops = in.pops
	if op == opPop {
		pops = 0
	}
	return fmt.Sprintf("(MARK at %d)", at), pops, nil
}

func (d *disassembler) store(number uint64) error {
	n := len(d.isMark)
	switch {
	case n == 0:
		return errors.New("stack is empty -- can't store into memo")
	case d.isMark[n-1]:
		return errors.New("can't store markobject in the memo")
	}
	d.memo[number] = true
	return nil
}

// effects pops and pushes.
func (d *disassembler) effects(in *info, pops int) error {
	if len(d.isMark) < pops {
		return fmt.Errorf("tries to pop %d items from stack with only %d items", pops, len(d.isMark))
	}
	d.isMark = d.isMark[:len(d.isMark)-pops]
	if in.pushes == pushesMark {
		d.marks = append(d.marks, d.m.opAt)
		d.isMark = append(d.isMark, true)
		return nil
	}
	for range in.pushes {
		d.isMark = append(d.isMark, false)
	}
	return nil
}

// numberText is an argument that is a number, and the number.
func numberText(n uint64, err error) (string, uint64, error) {
	return strconv.FormatUint(n, 10), n, err
}
