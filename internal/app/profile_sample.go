package app

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/cantil-py/cantil/internal/store"
	"github.com/cantil-py/cantil/profile/sampler/remote"
	"github.com/cantil-py/cantil/profile/stacks"
	"github.com/cantil-py/cantil/python/boot"
)

// samplesFile is the sampled profile in a run's folder.
const samplesFile = "samples.pb.gz"

// profileSampled runs the program plainly and samples it and its children from the
// start. The samples are nil where there are none, which is told then.
func (o *ProfileOptions) profileSampled(ctx context.Context) (ProfileResult, *stacks.Profile, error) {
	python, kept, err := o.open(ctx)
	if err != nil {
		return ProfileResult{}, nil, err
	}
	process, err := o.start(ctx, boot.PlainCommand(o.program(python)), o.Env, kept)
	if err != nil {
		return ProfileResult{}, nil, err
	}
	beside := &besideSampling{o: o}
	beside.begin(ctx, process.PID(), kept, "")
	ended, err := o.follow(ctx, process, o.Stdout, o.Stderr)
	beside.end()
	result := ProfileResult{Outcome: ended, RunDir: kept.Dir}
	if err != nil {
		return result, nil, err
	}
	samples, err := beside.keep(&result)
	return result, samples, err
}

// showSamples prints the table of a sampled run.
func (o *ProfileOptions) showSamples(p *stacks.Profile) error {
	err := showSampledApart(o.Stdout, p, o.View, o.Format, o.PerThread, o.PerProcess)
	tellSampling(p, o.Say)
	return err
}

// besideSampling samples a program while this process does other work. It is part of the
// front: docs/design/sampler.md says why.
type besideSampling struct {
	o    *ProfileOptions
	kept *store.Run
	rec  *recording
	stop context.CancelFunc
	done chan struct{}
	err  error // why there are no samples
}

// begin samples the program that was just started as pid. Functions in the folder
// hidden are not the program's.
func (b *besideSampling) begin(ctx context.Context, pid int, kept *store.Run, hidden string) {
	ctx, b.stop = context.WithCancel(ctx)
	b.kept, b.done = kept, make(chan struct{})
	how := b.o.How
	how.Children = true
	b.rec = newRecording(pid, how)
	b.rec.rename, b.rec.command = b.o.typedNames(), b.o.typedCommand()
	if hidden != "" {
		b.rec.hidden = func(file string) bool { return strings.HasPrefix(file, hidden+string(filepath.Separator)) }
	}
	b.rec.save = func(p *stacks.Profile) { _ = kept.WriteFile(samplesFile, p.Write) } // keep tells what prevents it
	go func() {
		defer close(b.done)
		b.err = b.sample(ctx, pid)
	}()
}

// typedCommand is the program as the user named it, secrets masked.
func (o *ProfileOptions) typedCommand() []string {
	words := append([]string{o.Program}, o.Args...)
	if o.Module {
		words = append([]string{"-m"}, words...)
	}
	return store.MaskArgs(words)
}

func (b *besideSampling) sample(ctx context.Context, pid int) error {
	s, err := openPython(ctx, pid, b.rec.options())
	if err != nil {
		return err
	}
	defer s.Close()
	return b.rec.run(ctx, s)
}

// end is called when the program has ended; processes that outlive it are sampled no more.
func (b *besideSampling) end() {
	b.stop()
	<-b.done
}

// keep writes the samples into the run's folder and where the user asked, and says why
// there are none.
func (b *besideSampling) keep(result *ProfileResult) (*stacks.Profile, error) {
	p := b.rec.profile()
	if len(p.Samples) == 0 {
		b.o.Say("no samples: " + b.why(result))
		return nil, nil
	}
	if b.err != nil {
		b.o.Say("sampling ended early: " + b.err.Error())
	}
	result.SamplesPath = b.o.Short(b.kept.Path(samplesFile))
	if err := b.kept.WriteFile(samplesFile, p.Write); err != nil {
		b.o.Say(err.Error()) // a full disk: the table is still worth printing
		result.SamplesPath = ""
	}
	if b.o.Out == "" || b.o.Both {
		return p, nil
	}
	return p, writeSamples(b.o.path(b.o.Out), p)
}

// why says why nothing was sampled.
func (b *besideSampling) why(result *ProfileResult) string {
	var hint *Unreadable
	err := unreadable(result.PID, b.err, b.o.Argv)
	switch {
	case errors.As(err, &hint) && !errors.Is(err, remote.ErrGone) && result.Wall > 1:
		return err.Error() + "; " + hint.Hint
	case b.err != nil && result.Wall > 1:
		return err.Error()
	}
	return fmt.Sprintf("the program ran for %.3f s, most of which Python takes to start; cantil profile, without --sample, counts every call", result.Wall)
}
