package remote

import (
	"debug/elf"
	"errors"
	"fmt"
	"io"
)

// maxSymbols bounds a symbol table; libpython with debugging symbols has some 30,000.
const maxSymbols = 4 << 20

// Image is an ELF file that a process has mapped. Close it after use.
type Image struct {
	Path string
	Bias uint64 // what is added to the file's addresses to get the process's
	file *elf.File
	from io.Closer
}

// newImage reads the headers of file, of which m is a mapping.
func newImage(path string, file interface {
	io.ReaderAt
	io.Closer
}, maps []Mapping) (*Image, error) {
	parsed, err := elf.NewFile(file)
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("reading %s: %w", path, err)
	}
	image := &Image{Path: path, file: parsed, from: file}
	if image.Bias, err = bias(parsed, maps); err != nil {
		image.Close()
		return nil, fmt.Errorf("placing %s: %w", path, err)
	}
	return image, nil
}

// bias compares a segment of the file with the mapping of the same place in it.
func bias(file *elf.File, maps []Mapping) (uint64, error) {
	const page = 0xfff
	for _, m := range maps {
		for _, prog := range file.Progs {
			if prog.Type == elf.PT_LOAD && prog.Filesz > 0 && prog.Off&^page == m.Offset {
				return m.Start - prog.Vaddr&^page, nil
			}
		}
	}
	return 0, errors.New("no mapping fits a segment of the file")
}

// Close closes the file.
func (i *Image) Close() error { return i.from.Close() }

// Symbols finds the addresses, in the process, of those of the names that the file
// has: in the table for the dynamic linker, which stripping leaves, or the full one.
func (i *Image) Symbols(names ...string) (map[string]uint64, error) {
	found := map[string]uint64{}
	wanted := map[string]bool{}
	for _, n := range names {
		wanted[n] = true
	}
	for _, read := range []func() ([]elf.Symbol, error){i.file.DynamicSymbols, i.file.Symbols} {
		symbols, err := read()
		if errors.Is(err, elf.ErrNoSymbols) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("reading the symbols of %s: %w", i.Path, err)
		}
		if len(symbols) > maxSymbols {
			return nil, fmt.Errorf("%s has %d symbols, at most %d", i.Path, len(symbols), maxSymbols)
		}
		for _, s := range symbols {
			if wanted[s.Name] && s.Section != elf.SHN_UNDEF {
				found[s.Name] = s.Value + i.Bias
			}
		}
		if len(found) == len(wanted) {
			break
		}
	}
	return found, nil
}

// Section is where a section of the file lies in the process; false where there is none.
func (i *Image) Section(name string) (addr, size uint64, ok bool) {
	s := i.file.Section(name)
	if s == nil || s.Flags&elf.SHF_ALLOC == 0 {
		return 0, 0, false
	}
	return s.Addr + i.Bias, s.Size, true
}

// Writable lists the parts of the process's memory that the file's writable segments
// became, variables without a first value included.
func (i *Image) Writable() []Mapping {
	var parts []Mapping
	for _, prog := range i.file.Progs {
		if prog.Type == elf.PT_LOAD && prog.Flags&elf.PF_W != 0 && prog.Memsz > 0 {
			start := prog.Vaddr + i.Bias
			parts = append(parts, Mapping{Start: start, End: start + prog.Memsz, Readable: true, Writable: true, Path: i.Path})
		}
	}
	return parts
}

// Machine is the processor that the file is for, "EM_X86_64".
func (i *Image) Machine() string { return i.file.Machine.String() }
