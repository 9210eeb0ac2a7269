package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/cantil-py/cantil/benchmarks/measure"
	"github.com/cantil-py/cantil/profile/sampler"
)

// rival is another sampler that can be had here.
type rival struct {
	name, version string
	times         float64 // how much more processor time a sample of it is promised to take, by depth
	timesDeep     float64
	// argv samples a process for a short or a longer while; what it takes to begin is the
	// difference's.
	argv func(path, pid, out string, long bool) []string
	path string
}

// rivals are py-spy and austin. Neither pauses the process.
var rivals = []rival{
	{name: "py-spy", times: 20, timesDeep: 50, argv: func(path, pid, out string, long bool) []string {
		seconds := "1"
		if long {
			seconds = "2"
		}
		return []string{path, "record", "--nonblocking", "-r", "500", "-d", seconds, "-f", "raw", "-o", out, "-p", pid}
	}},
	{name: "austin", times: 5, timesDeep: 5, argv: func(path, pid, out string, long bool) []string {
		seconds := "1"
		if long {
			seconds = "4"
		}
		return []string{path, "-i", "100", "-x", seconds, "-p", pid, "-o", out}
	}},
}

// rivalPackages are what pip is asked for, the first that runs here counts: the newest
// austin wants a newer C library than some systems have.
var rivalPackages = map[string][]string{"py-spy": {"py-spy"}, "austin": {"austin-dist", "austin-dist==3.7.0"}}

// have installs the rivals into a virtual environment of this measurement. What cannot
// be had so is looked for on PATH.
func (b *bench) have(ctx context.Context, py measure.Python) []rival {
	venv := b.Path("venv")
	if _, err := b.Run(ctx, py.Path, "-m", "venv", venv); err != nil {
		b.Told("a virtual environment", "NOT TO BE HAD: "+firstLine(err))
	}
	var got []rival
	for _, r := range rivals {
		why := ""
		for _, pkg := range rivalPackages[r.name] {
			if _, err := b.Run(ctx, venv+"/bin/pip", "install", "--quiet", "--disable-pip-version-check", pkg); err != nil {
				why = firstLine(err)
			} else if r.try(venv + "/bin/" + r.name) {
				break
			}
		}
		if path, err := exec.LookPath(r.name); r.path == "" && err == nil {
			r.try(path)
		}
		if r.path == "" {
			b.Told(r.name, "NOT TO BE HAD here: "+why)
			continue
		}
		got = append(got, r)
	}
	return got
}

// try takes the program at path if it runs.
func (r *rival) try(path string) bool {
	out, err := exec.Command(path, "--version").Output()
	if err == nil {
		r.path, r.version = path, strings.TrimSpace(string(out))
	}
	return err == nil
}

func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

// against compares the processor time of a sample with that of the rivals, all of which
// take as many as they can.
func (b *bench) against(ctx context.Context, py measure.Python) error {
	if b.found == nil {
		b.found = b.have(ctx, py)
	}
	for _, depth := range []int{20, 100} {
		pid, stop, err := b.start(ctx, py, "depth", fmt.Sprint(depth))
		if err != nil {
			return err
		}
		err = b.againstAt(ctx, pid, depth)
		stop()
		if err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) againstAt(ctx context.Context, pid, depth int) error {
	ours, err := b.median(ctx, pid, sampler.FlatOut, cpuOf)
	if err != nil {
		return err
	}
	b.Told(fmt.Sprintf("depth %d: us of a sample of cantil", depth), ours[0].Text(2))
	for _, r := range b.found {
		us, err := b.rivalCost(ctx, r, pid)
		if err != nil {
			b.Told(fmt.Sprintf("depth %d: %s", depth, r.version), "FAILED here: "+firstLine(err))
			continue
		}
		promised := r.times
		if depth > 20 {
			promised = r.timesDeep
		}
		times := us / ours[0].Median
		b.AtLeast(fmt.Sprintf("depth %d: times of %s", depth, r.version), fmt.Sprintf("%.0f (%.0f us)", times, us), times, promised)
	}
	return nil
}

// rivalCost is the microseconds of processor time of a sample, by a short and a longer run.
func (b *bench) rivalCost(ctx context.Context, r rival, pid int) (float64, error) {
	var cpu [2]time.Duration
	var samples [2]int64
	for i := range cpu {
		out := b.Path("rival.txt")
		cost, err := b.Run(ctx, r.argv(r.path, fmt.Sprint(pid), out, i == 1)...)
		if err != nil {
			return 0, err
		}
		if cpu[i] = cost.CPU; r.name == "py-spy" {
			samples[i], err = sumOfCounts(out)
		} else {
			samples[i], err = countLines(out)
		}
		if err != nil {
			return 0, err
		}
	}
	if samples[1] <= samples[0] {
		return 0, fmt.Errorf("%d samples in the short run, %d in the longer", samples[0], samples[1])
	}
	return float64((cpu[1] - cpu[0]).Microseconds()) / float64(samples[1]-samples[0]), nil
}

// sumOfCounts adds the counts of collapsed stacks, "a;b;c 12".
func sumOfCounts(name string) (int64, error) {
	var sum int64
	err := eachLine(name, func(line string) {
		var n int64
		if _, err := fmt.Sscan(line[strings.LastIndexByte(line, ' ')+1:], &n); err == nil {
			sum += n
		}
	})
	return sum, err
}

// countLines counts samples that are a line each, but for comments.
func countLines(name string) (int64, error) {
	var n int64
	err := eachLine(name, func(line string) {
		if line != "" && line[0] != '#' {
			n++
		}
	})
	return n, err
}

func eachLine(name string, do func(string)) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		do(lines.Text())
	}
	return lines.Err()
}
