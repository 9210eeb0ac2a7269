package stacks

import "slices"

// Filter returns the profile of the samples that keep says yes to. Functions, threads and
// nodes stay numbered as they are; shares are then those of the samples that are left.
func (p *Profile) Filter(keep func(*Sample) bool) *Profile {
	part := *p
	part.Samples = nil
	for i := range p.Samples {
		if keep(&p.Samples[i]) {
			part.Samples = append(part.Samples, p.Samples[i])
		}
	}
	return &part
}

// Focus returns the samples with a function on the stack that matches.
func (p *Profile) Focus(matches func(Func) bool) *Profile {
	has := p.having(matches)
	return p.Filter(func(s *Sample) bool { return has[s.Stack] })
}

// Ignore returns the samples without any function on the stack that matches.
func (p *Profile) Ignore(matches func(Func) bool) *Profile {
	has := p.having(matches)
	return p.Filter(func(s *Sample) bool { return !has[s.Stack] })
}

// having tells of each stack whether it has a function that matches.
func (p *Profile) having(matches func(Func) bool) []bool {
	match := make([]bool, len(p.Funcs))
	for i, f := range p.Funcs {
		match[i] = matches(f)
	}
	has := make([]bool, len(p.Nodes))
	for i, n := range p.Nodes { // parents come first
		has[i] = match[n.Func] || n.Parent != NoParent && has[n.Parent]
	}
	return has
}

// Rename returns the profile with every function replaced. Functions that become equal
// become one: their samples are added up, and count once in cumulative shares.
func (p *Profile) Rename(rename func(Func) Func) *Profile {
	renamed := *p
	renamed.Funcs = nil
	ids := map[Func]FuncID{}
	numbers := make([]FuncID, len(p.Funcs))
	for i, f := range p.Funcs {
		f = rename(f)
		id, ok := ids[f]
		if !ok {
			id = FuncID(len(renamed.Funcs))
			ids[f] = id
			renamed.Funcs = append(renamed.Funcs, f)
		}
		numbers[i] = id
	}
	renamed.Nodes = slices.Clone(p.Nodes)
	for i := range renamed.Nodes {
		renamed.Nodes[i].Func = numbers[renamed.Nodes[i].Func]
	}
	return &renamed
}
