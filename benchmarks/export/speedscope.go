package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/cantil-py/cantil/profile/export"
	"github.com/cantil-py/cantil/profile/pstats"
	"github.com/cantil-py/cantil/profile/stacks"
)

// scopeVersion is the package of npm whose importers read the files.
const scopeVersion = "speedscope@1.25.0"

// opened are the formats that speedscope reads, Trace Event among them.
var opened = []string{"speedscope", "collapsed", "pprof", "chrome"}

// speedscope opens exports in speedscope itself, in a Chromium without a window. A file that
// it refuses leaves the page with its own title; one that it takes is named there.
func (b *bench) speedscope(ctx context.Context) error {
	b.Section("Opened by " + scopeVersion)
	browser, err := exec.LookPath("chromium")
	if err == nil {
		_, err = exec.LookPath("npm")
	}
	if err != nil {
		b.Told("NOT DONE", "it needs npm and chromium (Debian: apt-get install npm chromium)")
		return nil
	}
	if err := b.unpack(ctx); err != nil {
		return err
	}
	sampled, exact := sampledProfile().Filter(func(s *stacks.Sample) bool { return s.At < time.Second }), smallExact()
	for _, name := range opened {
		f, err := export.Find(name)
		if err != nil {
			return err
		}
		var out bytes.Buffer
		if err := f.Sampled(&out, sampled); err != nil {
			return err
		}
		if err := b.open(ctx, browser, name+" of samples", out.Bytes()); err != nil {
			return err
		}
		if f.Exact == nil {
			continue
		}
		out.Reset()
		if err := f.Exact(&out, exact); err != nil {
			return err
		}
		if err := b.open(ctx, browser, name+" of an exact profile", out.Bytes()); err != nil {
			return err
		}
	}
	if err := b.open(ctx, browser, "", []byte("no profile")); err == nil {
		return errors.New("speedscope takes anything: this proves nothing")
	}
	return nil
}

// unpack gets speedscope from npm.
func (b *bench) unpack(ctx context.Context) error {
	cmd := exec.CommandContext(ctx, "npm", "install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", b.Path("npm"), scopeVersion)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("npm install %s: %w\n%s", scopeVersion, err, out)
	}
	return nil
}

// open hands speedscope a file as its own command line does, and looks at the title.
func (b *bench) open(ctx context.Context, browser, what string, file []byte) error {
	script := fmt.Sprintf(`speedscope.loadFileFromBase64("export", %q)`, base64.StdEncoding.EncodeToString(file))
	path, err := b.Write("open.js", script)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	page := "file://" + filepath.ToSlash(b.Path("npm/node_modules/speedscope/dist/release/index.html")) + "#localProfilePath=" + filepath.ToSlash(path)
	args := []string{"--headless", "--disable-gpu", "--allow-file-access-from-files", "--virtual-time-budget=20000", "--dump-dom", page}
	if os.Geteuid() == 0 {
		args = append([]string{"--no-sandbox"}, args...)
	}
	dom, err := exec.CommandContext(ctx, browser, args...).Output()
	if err != nil {
		return fmt.Errorf("running %s: %w", browser, err)
	}
	title := regexp.MustCompile(`<title>(.*?)</title>`).FindSubmatch(dom)
	if title == nil || !strings.HasSuffix(string(title[1]), " - speedscope") {
		return fmt.Errorf("speedscope did not take %s: its title is %q", what, title)
	}
	b.Told(what, "taken, as "+strings.TrimSuffix(string(title[1]), " - speedscope"))
	return nil
}

// smallExact has two callers of one function, so that not all is known.
func smallExact() *pstats.Stats {
	fn := func(name string, own, cumulative float64, callers ...pstats.Edge) pstats.Row {
		return pstats.Row{Func: pstats.Func{File: "x.py", Line: 1, Name: name}, Listed: true, Counts: pstats.Counts{Calls: 2, Primitive: 2, Own: own, Cumulative: cumulative}, Callers: callers}
	}
	by := func(caller pstats.FuncID, own, cumulative float64) pstats.Edge {
		return pstats.Edge{Caller: caller, Counts: pstats.Counts{Calls: 1, Primitive: 1, Own: own, Cumulative: cumulative}}
	}
	main := fn("main", 0, 10)
	main.Calls, main.Primitive = 1, 1
	return pstats.New([]pstats.Row{
		main, fn("train", 0, 7, by(0, 0, 7)), fn("test", 0, 3, by(0, 0, 3)), fn("work", 0, 10, by(1, 0, 7), by(2, 0, 3)),
		fn("load", 4, 4, by(3, 4, 4)), fn("fit", 6, 6, by(3, 6, 6)),
	})
}
