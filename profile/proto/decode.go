package proto

import "fmt"

// What a message needs in memory at most, beside what its numbers need: the structs
// of a sample or a location with an entry in a map.
const (
	perMessage = 160
	perByte    = 16 // a number of one byte is a word in a list, and lists grow
	perLabel   = 128
)

// Unmarshal reads a profile.proto that is not compressed. It refuses one that would need
// more than about limit bytes of memory, and one whose parts refer to what is not there.
func Unmarshal(raw []byte, limit int) (*Profile, error) {
	d := &decoder{p: &Profile{}, limit: limit, left: limit}
	if err := each(raw, d.text); err != nil {
		return nil, err
	}
	if len(d.texts) == 0 || d.texts[0] != "" {
		return nil, fmt.Errorf("%w: its table of strings does not begin with an empty one", ErrFormat)
	}
	if err := each(raw, d.field); err != nil {
		return nil, err
	}
	return d.p, d.resolve()
}

// decoder reads one profile.
type decoder struct {
	p     *Profile
	limit int // of the memory that it may need
	left  int // of that
	texts []string

	mappings, locations, functions ids
}

// ids tells which index a number of the file has.
type ids map[int]int

func (m *ids) add(id, index int, what string) error {
	if *m == nil {
		*m = ids{}
	}
	if _, twice := (*m)[id]; twice || id == 0 {
		return fmt.Errorf("%w: %s %d: there are two of this number, or it is 0", ErrFormat, what, id)
	}
	(*m)[id] = index
	return nil
}

// at replaces a number of the file by the index of what has it; 0 is none.
func (m ids) at(id int, what string) (int, error) {
	if id == 0 {
		return None, nil
	}
	index, ok := m[id]
	if !ok {
		return None, fmt.Errorf("%w: %s %d is spoken of, and is not there", ErrFormat, what, id)
	}
	return index, nil
}

// need takes memory off what is left.
func (d *decoder) need(bytes int) error {
	if d.left -= bytes; d.left < 0 {
		return fmt.Errorf("a profile that needs more than %d MiB of memory", d.limit>>20)
	}
	return nil
}

// text collects the table of strings, which the other fields refer to.
func (d *decoder) text(f field) error {
	if f.number != profileString {
		return d.need(perMessage + perByte*len(f.bytes))
	}
	d.texts = append(d.texts, string(f.bytes))
	return d.need(perByte + len(f.bytes))
}

// string gives the string of a number.
func (d *decoder) string(to *string, f field) error {
	if f.value >= uint64(len(d.texts)) {
		return fmt.Errorf("%w: string %d of %d", ErrFormat, f.value, len(d.texts))
	}
	*to = d.texts[f.value]
	return nil
}

// field reads one field of the profile.
func (d *decoder) field(f field) (err error) {
	p := d.p
	switch f.number {
	case profileSampleType:
		p.SampleTypes = append(p.SampleTypes, ValueType{})
		return d.valueType(&p.SampleTypes[len(p.SampleTypes)-1], f.bytes)
	case profileSample:
		p.Samples = append(p.Samples, Sample{})
		return d.sample(&p.Samples[len(p.Samples)-1], f.bytes)
	case profileMapping:
		return d.mapping(f.bytes)
	case profileLocation:
		return d.location(f.bytes)
	case profileFunction:
		return d.function(f.bytes)
	case profilePeriodType:
		return d.valueType(&p.PeriodType, f.bytes)
	case profileComment:
		return d.comments(f)
	case profileDefault:
		return d.string(&p.DefaultSampleType, f)
	case profileTime:
		p.TimeNanos = int64(f.value)
	case profileDuration:
		p.DurationNanos = int64(f.value)
	case profilePeriod:
		p.Period = int64(f.value)
	}
	return nil
}

func (d *decoder) comments(f field) error {
	numbers, err := appendNumbers[int64](nil, f)
	for _, n := range numbers {
		var text string
		if err := d.string(&text, field{value: uint64(n)}); err != nil {
			return err
		}
		d.p.Comments = append(d.p.Comments, text)
	}
	return err
}

func (d *decoder) valueType(to *ValueType, raw []byte) error {
	return each(raw, func(f field) error {
		switch f.number {
		case valueTypeType:
			return d.string(&to.Type, f)
		case valueTypeUnit:
			return d.string(&to.Unit, f)
		}
		return nil
	})
}

func (d *decoder) sample(s *Sample, raw []byte) error {
	return each(raw, func(f field) (err error) {
		switch f.number {
		case sampleLocation:
			s.Locations, err = appendNumbers(s.Locations, f)
		case sampleValue:
			s.Values, err = appendNumbers(s.Values, f)
		case sampleLabel:
			s.Labels = append(s.Labels, Label{})
			if err = d.need(perLabel); err == nil {
				err = d.label(&s.Labels[len(s.Labels)-1], f.bytes)
			}
		}
		return err
	})
}

func (d *decoder) label(l *Label, raw []byte) error {
	return each(raw, func(f field) error {
		switch f.number {
		case labelKey:
			return d.string(&l.Key, f)
		case labelText:
			return d.string(&l.Text, f)
		case labelUnit:
			return d.string(&l.Unit, f)
		case labelNumber:
			l.Number = int64(f.value)
		}
		return nil
	})
}

func (d *decoder) mapping(raw []byte) error {
	id, m := 0, Mapping{}
	err := each(raw, func(f field) error {
		switch f.number {
		case mappingID:
			id = int(f.value)
		case mappingStart:
			m.Start = f.value
		case mappingLimit:
			m.Limit = f.value
		case mappingOffset:
			m.Offset = f.value
		case mappingFile:
			return d.string(&m.File, f)
		case mappingBuild:
			return d.string(&m.BuildID, f)
		default:
			m.has(f)
		}
		return nil
	})
	if err != nil {
		return err
	}
	d.p.Mappings = append(d.p.Mappings, m)
	return d.mappings.add(id, len(d.p.Mappings)-1, "mapping")
}

// has reads what is said to be known of a mapping's functions.
func (m *Mapping) has(f field) {
	switch f.number {
	case mappingFunctions:
		m.HasFunctions = f.value != 0
	case mappingFilenames:
		m.HasFilenames = f.value != 0
	case mappingLines:
		m.HasLineNumbers = f.value != 0
	case mappingInlined:
		m.HasInlinedFunctions = f.value != 0
	}
}

func (d *decoder) location(raw []byte) error {
	id, l := 0, Location{}
	err := each(raw, func(f field) error {
		switch f.number {
		case locationID:
			id = int(f.value)
		case locationMapping:
			l.Mapping = int(f.value)
		case locationAddress:
			l.Address = f.value
		case locationLine:
			line, err := readLine(f.bytes)
			l.Lines = append(l.Lines, line)
			return err
		}
		return nil
	})
	if err != nil {
		return err
	}
	d.p.Locations = append(d.p.Locations, l)
	return d.locations.add(id, len(d.p.Locations)-1, "location")
}

func readLine(raw []byte) (l Line, err error) {
	err = each(raw, func(f field) error {
		switch f.number {
		case lineFunction:
			l.Function = int(f.value)
		case lineLine:
			l.Line = int64(f.value)
		}
		return nil
	})
	return l, err
}

func (d *decoder) function(raw []byte) error {
	id, fn := 0, Function{}
	err := each(raw, func(f field) error {
		switch f.number {
		case functionID:
			id = int(f.value)
		case functionName:
			return d.string(&fn.Name, f)
		case functionSystem:
			return d.string(&fn.SystemName, f)
		case functionFile:
			return d.string(&fn.File, f)
		case functionStart:
			fn.StartLine = int64(f.value)
		}
		return nil
	})
	if err != nil {
		return err
	}
	d.p.Functions = append(d.p.Functions, fn)
	return d.functions.add(id, len(d.p.Functions)-1, "function")
}

// resolve replaces the numbers of the file by indexes, now that all is read.
func (d *decoder) resolve() (err error) {
	for i := range d.p.Locations {
		l := &d.p.Locations[i]
		if l.Mapping, err = d.mappings.at(l.Mapping, "mapping"); err != nil {
			return err
		}
		for j := range l.Lines {
			if l.Lines[j].Function, err = d.functions.at(l.Lines[j].Function, "function"); err != nil {
				return err
			}
		}
	}
	for i := range d.p.Samples {
		if err := d.resolveSample(i, &d.p.Samples[i]); err != nil {
			return err
		}
	}
	return nil
}

func (d *decoder) resolveSample(i int, s *Sample) (err error) {
	if len(s.Values) != len(d.p.SampleTypes) {
		return fmt.Errorf("%w: sample %d has %d values for %d types", ErrFormat, i, len(s.Values), len(d.p.SampleTypes))
	}
	for j, id := range s.Locations {
		if s.Locations[j], err = d.locations.at(id, "location"); err != nil {
			return err
		}
		if s.Locations[j] == None {
			return fmt.Errorf("%w: sample %d has a location 0", ErrFormat, i)
		}
	}
	return nil
}
