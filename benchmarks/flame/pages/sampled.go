package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/cantil-py/cantil/profile/flame"
	"github.com/cantil-py/cantil/profile/stacks"
)

const (
	rate   = 100
	period = time.Second / rate

	smallSteps, fasterSteps = 40, 22
)

// recording is samples as they come, a stack as "outermost;...;innermost" of the functions that are named.
type recording struct {
	recorder *stacks.Recorder
	funcs    map[string]stacks.FuncID
	ticks    int64
}

func record() *recording {
	return &recording{recorder: stacks.NewRecorder(), funcs: map[string]stacks.FuncID{}}
}

func (r *recording) define(name, file string, line int) {
	r.funcs[name] = r.recorder.Func(stacks.Func{Name: name, File: file, FirstLine: line, Native: file == ""})
}

// sample adds a stack of functions with their lines, "name:line", innermost last.
func (r *recording) sample(thread stacks.ThreadID, stack string) {
	var frames []stacks.Frame
	calls := strings.Split(stack, ";")
	for i := len(calls) - 1; i >= 0; i-- {
		name, line, _ := strings.Cut(calls[i], ":")
		number := 0
		fmt.Sscan(line, &number)
		frames = append(frames, stacks.Frame{Func: r.funcs[name], Line: int32(number)})
	}
	r.recorder.Add(time.Duration(r.ticks)*period, thread, stacks.Holding, frames)
}

func (r *recording) profile() *stacks.Profile {
	return r.recorder.Profile(stacks.Info{
		Mode: "wall", Clock: "monotonic", Rate: rate, Command: []string{"train.py"}, Python: "3.12.1",
		Counts: stacks.Counts{Ticks: r.ticks, Wall: time.Duration(r.ticks) * period},
	})
}

// trainSource is what small's functions are in.
const trainSource = `import json
import random


def load(path):
    with open(path) as f:
        return json.load(f)


def step(weights, batch):
    loss = 0.0
    for x, y in batch:
        guess = dot(weights, x)
        loss += (guess - y) ** 2
        weights = [w - 0.01 * (guess - y) * a for w, a in zip(weights, x)]
    return weights, loss


def dot(a, b):
    return sum(x * y for x, y in zip(a, b))


def walk(tree):
    return 1 + sum(walk(child) for child in tree)


def main():
    data = load("data.json")
    weights = [random.random() for _ in range(8)]
    for epoch in range(100):
        weights, loss = step(weights, data)
    walk(data)


main()
`

// train is a run of the small program, whose step takes as many samples as said.
func train(steps int) *stacks.Profile {
	r := record()
	for _, f := range []stacks.Func{{Name: "<module>", FirstLine: 1}, {Name: "load", FirstLine: 5}, {Name: "step", FirstLine: 10}, {Name: "dot", FirstLine: 19},
		{Name: "dot.<locals>.<genexpr>", FirstLine: 20}, {Name: "walk", FirstLine: 23}, {Name: "main", FirstLine: 27}} {
		r.define(f.Name, "/srv/project/train.py", f.FirstLine)
	}
	r.define("JSONDecoder.decode", "/usr/lib/python3.12/json/decoder.py", 332)
	r.define("JSONDecoder.raw_decode", "/usr/lib/python3.12/json/decoder.py", 343)
	r.define("Thread.run", "/usr/lib/python3.12/threading.py", 975)
	r.define("beat", "/srv/project/heart.py", 4)
	r.define("time.sleep", "", 0)
	one := r.recorder.Thread(stacks.Thread{PID: 4711, TID: 4711, Name: "MainThread"})
	two := r.recorder.Thread(stacks.Thread{PID: 4711, TID: 4712, Name: "Heart"})
	child := r.recorder.Thread(stacks.Thread{PID: 4800, TID: 4800, Name: "MainThread"})
	repeat := func(n int, stack string) {
		for range n {
			r.sample(one, stack)
			r.sample(two, "Thread.run:982;beat:7;time.sleep")
			if r.ticks%3 == 0 {
				r.sample(child, "<module>:35;main:28;load:7;JSONDecoder.decode:337")
			}
			r.ticks++
		}
	}
	repeat(30, "<module>:35;main:28;load:7;JSONDecoder.decode:337;JSONDecoder.raw_decode:353")
	for range steps {
		repeat(3, "<module>:35;main:31;step:13;dot:20;dot.<locals>.<genexpr>:20")
		repeat(1, "<module>:35;main:31;step:13;dot:20")
		repeat(2, "<module>:35;main:31;step:15")
	}
	for depth := 1; depth < 12; depth++ {
		repeat(2, "<module>:35;main:32"+strings.Repeat(";walk:24", depth))
	}
	return r.profile()
}

// smallRows are the figures of the small program's functions, a line each: own share and interval, cumulative ones, samples, name.
func smallRows() string {
	p := train(smallSteps)
	share := func(s stacks.Share) string {
		value := fmt.Sprintf("%.1f %%", s.Value*100)
		if s.Count == 0 {
			value = "0 %"
		}
		return fmt.Sprintf("%s|%.1f – %.1f %%", value, s.Low*100, s.High*100)
	}
	var out strings.Builder
	for _, row := range p.Rows() {
		fmt.Fprintf(&out, "%s|%s|%d|%s\n", share(row.Own), share(row.Cumulative), row.Cumulative.Count, p.Funcs[row.Func].Name)
	}
	return out.String()
}

func withSource(page *flame.Page, err error) (*flame.Page, error) {
	if err != nil {
		return nil, err
	}
	page.AddSources(func(file string) ([]byte, error) {
		if strings.HasSuffix(file, "train.py") {
			return []byte(trainSource), nil
		}
		return nil, fmt.Errorf("%s is not here", file)
	})
	return page, nil
}

func small() (*flame.Page, error) {
	return withSource(flame.New("train.py --epochs 100", flame.Sampled("samples.pb.gz", train(smallSteps))))
}

func compared() (*flame.Page, error) {
	return withSource(flame.New("train.py, faster", flame.Sampled("before.pb.gz", train(smallSteps)), flame.Sampled("after.pb.gz", train(fasterSteps))))
}

// hostile has names that would be markup, scripts, ends of scripts, and a name of a megabyte.
func hostile() (*flame.Page, error) {
	r := record()
	names := []string{
		`<img src=x onerror="document.body.dataset.pwned=1">`, `</script><script>document.body.dataset.pwned=1</script>`,
		`<!--<script>`, `{{data}}`, "\u202eright to left", "new\nline\ttab\x00nul", strings.Repeat("a megabyte ", 95_326), `";alert(1)//`, "日本語の関数", "",
	}
	main := r.recorder.Thread(stacks.Thread{PID: 1, Name: `<b>thread</b>`})
	for i, name := range names {
		id := r.recorder.Func(stacks.Func{Name: name, File: `/tmp/<script>alert(1)</script>/` + name[:min(len(name), 60)], FirstLine: i + 1})
		for range 5 + i {
			r.recorder.Add(time.Duration(r.ticks)*period, main, stacks.Running, []stacks.Frame{{Func: id, Line: int32(i + 1)}})
			r.ticks++
		}
	}
	return flame.New(`{{data}}</title><script>document.body.dataset.pwned=1</script>`, flame.Sampled("<i>hostile</i>", r.profile()))
}

// deep is one stack of 100,000 calls. No recorder keeps one; a file may hold it.
func deep() (*flame.Page, error) {
	const depth = 100_000
	p := &stacks.Profile{Info: record().profile().Info, Threads: []stacks.Thread{{PID: 1, Name: "MainThread"}}}
	p.Info.Counts = stacks.Counts{Ticks: 200, Wall: 200 * period}
	for i := range 10 {
		p.Funcs = append(p.Funcs, stacks.Func{Name: fmt.Sprintf("descend_%d", i), File: "/srv/deep.py", FirstLine: 1 + 10*i})
	}
	for i := range depth {
		p.Nodes = append(p.Nodes, stacks.Node{Parent: stacks.StackID(i - 1), Frame: stacks.Frame{Func: stacks.FuncID(i % 10), Line: int32(i % 100)}})
	}
	for i := range 200 {
		p.Samples = append(p.Samples, stacks.Sample{At: time.Duration(i) * period, Stack: stacks.StackID(depth - 1 - i*400), State: stacks.Running})
	}
	return flame.New("100,000 deep", flame.Sampled("deep.pb.gz", p))
}

func empty() (*flame.Page, error) {
	return flame.New("nothing", flame.Sampled("empty.pb.gz", record().profile()))
}

// wide is a profile of so many nodes, as a large program has them: some functions in many places, most in few.
func wide(nodes int) *stacks.Profile {
	const funcs, deepest = 20_000, 60
	random := rand.New(rand.NewPCG(1, 2))
	p := &stacks.Profile{Info: record().profile().Info, Threads: []stacks.Thread{{PID: 1, Name: "MainThread"}}}
	for i := range funcs {
		p.Funcs = append(p.Funcs, stacks.Func{Name: fmt.Sprintf("Module%d.function_%d", i/100, i), File: fmt.Sprintf("/srv/project/package%d/module%d.py", i/2000, i/100), FirstLine: 1 + i%100*12})
	}
	path := []stacks.StackID{}
	for len(p.Nodes) < nodes {
		path = path[:min(len(path), int(float64(deepest)*random.Float64()))]
		for grow := 1 + random.IntN(8); grow > 0 && len(path) < deepest; grow-- {
			parent := stacks.NoParent
			if len(path) > 0 {
				parent = path[len(path)-1]
			}
			id := stacks.FuncID(float64(funcs) * random.Float64() * random.Float64())
			p.Nodes = append(p.Nodes, stacks.Node{Parent: parent, Frame: stacks.Frame{Func: id, Line: int32(1 + random.IntN(1000))}})
			path = append(path, stacks.StackID(len(p.Nodes)-1))
		}
		p.Samples = append(p.Samples, stacks.Sample{At: time.Duration(len(p.Samples)) * period, Stack: path[len(path)-1], State: stacks.Running})
	}
	ticks := int64(len(p.Samples))
	p.Info.Counts = stacks.Counts{Ticks: ticks, Wall: time.Duration(ticks) * period}
	return p
}
