package pickle

import (
	"fmt"
	"io"
	"math"

	"github.com/cantil-py/cantil/value"
)

// machine is Python's unpickler with everything inert: it runs the opcodes of one
// pickle and leaves its value.
type machine struct {
	source
	*Options
	stack []value.Value
	marks []int // the heights of the stack at which marks lie
	memo  memo
	text  arena
	rooms rooms
	boxes boxes

	// unfinished are objects that a later BUILD may turn into a value with a type of
	// its own, with their numbers in the memo.
	unfinished map[*value.Object]home
	// bare are the numpy dtypes that have no state yet. Nothing may use them until then,
	// and nothing may change them later: that would change what others' bytes mean.
	bare map[*value.DType]bool

	proto   int
	buffers int   // how many out-of-band buffers were taken
	op      byte  // the opcode being run
	opAt    int64 // where it begins
	count   int   // of the opcodes run
}

// run returns the next value. The end of the stream before its first byte is io.EOF.
func (m *machine) run() (value.Value, error) {
	m.stack, m.marks, m.proto, m.count = m.stack[:0], m.marks[:0], 0, 0
	if !m.KeepMemo {
		m.memo.clear()
		m.unfinished, m.bare = nil, nil
	}
	most := m.MaxOpcodes
	if most <= 0 {
		most = math.MaxInt
	}
	for {
		m.opAt = m.at()
		op, err := m.opcode()
		if err == io.EOF && m.count == 0 {
			return nil, err
		}
		if err != nil {
			return nil, m.wrong(0, err)
		}
		if m.count++; m.count > most {
			return nil, m.wrong(op, fmt.Errorf("more than %d opcodes", most))
		}
		m.op = op
		if op == opStop {
			v, err := m.stop()
			if err != nil {
				return nil, m.wrong(op, err)
			}
			return v, nil
		}
		if err := m.step(op); err != nil {
			return nil, m.wrong(op, err)
		}
	}
}

func (m *machine) wrong(op byte, err error) error {
	return &SyntaxError{m.opAt, opcodes[op].name, unexpected(err)}
}

func (m *machine) stop() (value.Value, error) {
	if len(m.stack) == 0 || len(m.marks) > 0 && len(m.stack) <= m.fence() {
		return nil, errNotOne
	}
	v := m.stack[len(m.stack)-1]
	return v, m.endFrame()
}

// step runs one opcode: the frequent ones here.
func (m *machine) step(op byte) error {
	switch op {
	case opBinget:
		i, err := m.uint1()
		if err != nil {
			return err
		}
		return m.get(uint32(i))
	case opLongBinget:
		i, err := m.uint4()
		if err != nil {
			return err
		}
		return m.get(i)
	case opBinfloat:
		return m.float()
	case opBinint1:
		i, err := m.uint1()
		m.push(m.boxes.int(value.Int(i)))
		return err
	case opBinint2:
		i, err := m.uint2()
		m.push(m.boxes.int(value.Int(i)))
		return err
	case opBinint:
		i, err := m.uint4()
		m.push(m.boxes.int(value.Int(int32(i))))
		return err
	case opShortBinunicode:
		n, err := m.uint1()
		if err != nil {
			return err
		}
		return m.unicode(uint64(n))
	case opMark:
		m.marks = append(m.marks, len(m.stack))
	case opMemoize:
		return m.put(uint32(m.memo.count))
	case opBinput:
		i, err := m.uint1()
		if err != nil {
			return err
		}
		return m.put(uint32(i))
	case opLongBinput:
		i, err := m.uint4()
		if err != nil {
			return err
		}
		return m.put(i)
	case opEmptyDict:
		m.push(m.rooms.dict())
	case opEmptyList:
		m.push(new(value.List))
	case opSetitems:
		return m.setItems()
	case opAppends:
		return m.appends()
	case opNone:
		m.push(value.None)
	case opNewtrue:
		m.push(value.Bool(true))
	case opNewfalse:
		m.push(value.Bool(false))
	default:
		return m.scalar(op)
	}
	return nil
}

// scalar runs the rarer opcodes that push a value of their own.
func (m *machine) scalar(op byte) error {
	switch op {
	case opInt:
		return m.intLine()
	case opLong:
		return m.longLine()
	case opLong1:
		n, err := m.uint1()
		if err != nil {
			return err
		}
		return m.long(n)
	case opLong4:
		n, err := m.uint4()
		if err != nil {
			return err
		}
		if int32(n) < 0 {
			return errNegative
		}
		return m.long(int(n))
	case opFloat:
		return m.floatLine()
	case opString:
		return m.stringLine()
	case opUnicode:
		return m.unicodeLine()
	case opBinunicode:
		return m.sized4(m.unicode)
	case opBinunicode8:
		return m.sized8(m.unicode)
	case opShortBinbytes:
		return m.sized1(m.bytes)
	case opBinbytes:
		return m.sized4(m.bytes)
	case opBinbytes8:
		return m.sized8(m.bytes)
	case opBytearray8:
		return m.sized8(m.byteArray)
	case opShortBinstring:
		return m.sized1(m.text2)
	case opBinstring:
		return m.signed4(m.text2)
	case opNextBuffer:
		return m.nextBuffer()
	case opReadonlyBuffer:
		return m.readonlyBuffer()
	}
	return m.compound(op)
}

// compound runs the opcodes that put values together.
func (m *machine) compound(op byte) error {
	switch op {
	case opEmptyTuple:
		m.push(emptyTuple())
	case opTuple:
		items, err := m.popMark()
		if err != nil {
			return err
		}
		m.push(&value.Tuple{Items: m.rooms.values(items)})
	case opTuple1, opTuple2, opTuple3:
		items, err := m.popN(int(op-opTuple1) + 1)
		if err != nil {
			return err
		}
		m.push(&value.Tuple{Items: m.rooms.values(items)})
	case opList:
		items, err := m.popMark()
		if err != nil {
			return err
		}
		m.push(&value.List{Items: append([]value.Value(nil), items...)})
	case opDict:
		return m.dict()
	case opEmptySet:
		m.push(new(value.Set))
	case opFrozenset:
		return m.frozenSet()
	case opAppend:
		return m.append()
	case opSetitem:
		return m.setItem()
	case opAdditems:
		return m.addItems()
	case opPop:
		return m.pop1()
	case opPopMark:
		_, err := m.popMark()
		return err
	case opDup:
		top, err := m.top()
		if err != nil {
			return err
		}
		m.fetched(top)
		m.push(top)
	default:
		return m.reference(op)
	}
	return nil
}

// reference runs the opcodes that name or make something, and those about the pickle
// itself.
func (m *machine) reference(op byte) error {
	switch op {
	case opGlobal:
		return m.global()
	case opStackGlobal:
		return m.stackGlobal()
	case opReduce:
		return m.reduce()
	case opBuild:
		return m.build()
	case opNewobj:
		return m.newObject()
	case opNewobjEx:
		return m.newObjectKeywords()
	case opInst:
		return m.inst()
	case opObj:
		return m.obj()
	case opPersid:
		return m.persistentLine()
	case opBinpersid:
		id, err := m.pop()
		if err != nil {
			return err
		}
		return m.persistent(id)
	case opExt1:
		code, err := m.uint1()
		return m.extension(int32(code), err)
	case opExt2:
		code, err := m.uint2()
		return m.extension(int32(code), err)
	case opExt4:
		code, err := m.uint4()
		return m.extension(int32(code), err)
	case opGet:
		return m.getLine()
	case opPut:
		return m.putLine()
	case opProto:
		return m.protocol()
	case opFrame:
		n, err := m.uint8()
		if err != nil {
			return err
		}
		return m.beginFrame(n)
	}
	return fmt.Errorf("0x%02x is no opcode", op)
}

func (m *machine) protocol() error {
	p, err := m.uint1()
	if err != nil {
		return err
	}
	if p > HighestProtocol {
		return fmt.Errorf("protocol %d is not known; the highest is %d", p, HighestProtocol)
	}
	if m.count > 1 {
		m.tell(Event{Kind: Misplaced})
	}
	m.proto = p
	return nil
}
