package pickle

import (
	"slices"

	"github.com/cantil-py/cantil/value"
)

func (m *machine) push(v value.Value) { m.stack = append(m.stack, v) }

// fence is the height of the topmost mark, below which nothing may be popped.
func (m *machine) fence() int {
	if n := len(m.marks); n > 0 {
		return m.marks[n-1]
	}
	return 0
}

func (m *machine) top() (value.Value, error) {
	if len(m.stack) <= m.fence() {
		return nil, errUnderflow
	}
	return m.stack[len(m.stack)-1], nil
}

func (m *machine) pop() (value.Value, error) {
	v, err := m.top()
	if err == nil {
		m.stack = m.stack[:len(m.stack)-1]
	}
	return v, err
}

// popN pops n values; they are valid until the next push.
func (m *machine) popN(n int) ([]value.Value, error) {
	from := len(m.stack) - n
	if from < m.fence() {
		return nil, errUnderflow
	}
	items := m.stack[from:]
	m.stack = m.stack[:from]
	return items, nil
}

// popMark pops all above the topmost mark, and the mark; the values are valid until
// the next push.
func (m *machine) popMark() ([]value.Value, error) {
	n := len(m.marks)
	if n == 0 {
		return nil, errNoMark
	}
	from := m.marks[n-1]
	m.marks = m.marks[:n-1]
	items := m.stack[from:]
	m.stack = m.stack[:from]
	return items, nil
}

// pop1 is POP, which also takes a mark away.
func (m *machine) pop1() error {
	if n := len(m.marks); n > 0 && m.marks[n-1] == len(m.stack) {
		m.marks = m.marks[:n-1]
		return nil
	}
	_, err := m.pop()
	return err
}

func (m *machine) get(i uint32) error {
	v, ok := m.memo.get(i)
	if !ok {
		return &memoError{i}
	}
	if len(m.unfinished) > 0 {
		m.fetched(v)
	}
	m.push(v)
	return nil
}

func (m *machine) put(i uint32) error {
	v, err := m.top()
	if err != nil {
		return err
	}
	m.memo.put(i, v)
	if len(m.unfinished) > 0 {
		m.noteHome(v, i)
	}
	return nil
}

// memo is what a pickle has set aside for later, by number.
type memo struct {
	dense  []value.Value
	sparse map[uint32]value.Value // numbers far beyond the count, which no pickler makes
	count  int
}

// roomAhead is how far beyond the end of the dense part a number may lie: BINPUT gives
// numbers in an order of their own when a memo is kept.
const roomAhead = 256

func (m *memo) clear() {
	clear(m.dense)
	m.dense, m.sparse, m.count = m.dense[:0], nil, 0
}

func (m *memo) get(i uint32) (value.Value, bool) {
	if int64(i) < int64(len(m.dense)) && m.dense[i] != nil {
		return m.dense[i], true
	}
	v, ok := m.sparse[i]
	return v, ok
}

func (m *memo) put(i uint32, v value.Value) {
	if int64(i) == int64(len(m.dense)) && m.sparse == nil {
		if n := len(m.dense); n == cap(m.dense) {
			m.dense = slices.Grow(m.dense, max(64, n)) // append alone grows by a quarter only
		}
		m.dense = append(m.dense, v)
		m.count++
		return
	}
	if _, there := m.get(i); !there {
		m.count++
	}
	if _, there := m.sparse[i]; there || int64(i) >= int64(len(m.dense)+roomAhead) {
		if m.sparse == nil {
			m.sparse = map[uint32]value.Value{}
		}
		m.sparse[i] = v
		return
	}
	for int64(i) >= int64(len(m.dense)) {
		m.dense = append(m.dense, nil)
	}
	m.dense[i] = v
}
