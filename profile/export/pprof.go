package export

import (
	"io"

	"github.com/cantil-py/cantil/profile/stacks"
)

// pprof is profile.proto, as samples.pb.gz has it: docs/formats/samples.md. Its shares are
// sums over stacks; an exact profile knows who called whom, not the stacks, and what
// could be made of it would show wrong cumulative times.
func pprof() Format {
	return Format{
		Name: "pprof", Summary: "go tool pprof, Pyroscope, Perfetto and others: profile.proto", Ending: ".pb.gz", Binary: true,
		Sampled: func(w io.Writer, p *stacks.Profile) error { return p.Write(w) },
	}
}
