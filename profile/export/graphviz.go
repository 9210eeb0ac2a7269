package export

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"time"

	"github.com/cantil-py/cantil/profile/pstats"
	"github.com/cantil-py/cantil/profile/stacks"
)

// ErrNoGraphviz means that the program dot, which draws call graphs, is not installed.
var ErrNoGraphviz = errors.New("drawing a call graph needs dot, of Graphviz, and there is none")

// graphviz is the call graph of the format dot, drawn by Graphviz's program of that name.
func graphviz(kind string) Format {
	return Format{
		Name: kind, Summary: strings.ToUpper(kind) + ": the call graph, drawn by Graphviz where it is installed",
		Ending: "." + kind, Binary: kind == "png",
		Sampled: func(w io.Writer, p *stacks.Profile) error {
			return draw(w, kind, func(dot io.Writer) error { return writeDotSampled(dot, p) })
		},
		Exact: func(w io.Writer, s *pstats.Stats) error {
			return draw(w, kind, func(dot io.Writer) error { return writeDotExact(dot, s) })
		},
	}
}

// drawTime is enough for the largest graph that the format dot has, many times over.
const drawTime = 2 * time.Minute

func draw(w io.Writer, kind string, write func(io.Writer) error) error {
	path, err := exec.LookPath("dot")
	if err != nil {
		return ErrNoGraphviz
	}
	var graph, picture, complaint bytes.Buffer
	if err := write(&graph); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), drawTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, "-T"+kind)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = &graph, &picture, &complaint
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return fmt.Errorf("drawing with %s: not done after %v", path, drawTime)
		}
		return fmt.Errorf("drawing with %s: %w: %s", path, err, shortened(strings.TrimSpace(complaint.String()), 200))
	}
	_, err = w.Write(picture.Bytes())
	return err
}
