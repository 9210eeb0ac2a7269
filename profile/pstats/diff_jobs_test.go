package pstats

import (
	"math/rand/v2"
	"strings"
)

// job is what testdata/transcript.py does with CPython's pstats, and [runJob] with this package.
type job struct {
	Files []string `json:"files"`
	Steps [][]any  `json:"steps"` // a method of pstats.Stats and its arguments
}

// The dimensions of the product. A nil sort leaves the order of the file.
var (
	sorts = [][]any{
		nil, {}, {"calls"}, {"ncalls"}, {"cumtime"}, {"cumulative"}, {"filename"}, {"line"}, {"module"}, {"name"}, {"nfl"},
		{"pcalls"}, {"stdname"}, {"time"}, {"tottime"}, {-1}, {0}, {1}, {2}, {"cu"}, {"nf"}, {"ti"}, {"cum"}, {"c"}, {"bogus"},
		{"calls", "name"}, {"filename", "line"}, {"pcalls", "stdname", "time"}, {"module", "calls", "cumulative"}, {"name", "line", "calls"},
	}
	restrictions = [][]any{
		{}, {0}, {1}, {7}, {-1}, {1000000}, {0.0}, {0.1}, {0.5}, {0.999}, {1.0}, {1e-05}, {2.5}, {-0.5},
		{"f"}, {"e"}, {`\d+`}, {"^a|b$"}, {"it's"}, {`"odd"`}, {"("}, {"[a"}, {"*\n\x7f'\""}, {"ö|関"}, {`(?i)F`}, {`method|module\d`},
		{30, "py"}, {"py", 0.5, 3}, {`\w+`, "[", 0.3, "no such name", 2}, {0.9, 0.9, 0.9}, {""},
	}
	views      = []string{"print_stats", "print_callers", "print_callees"}
	lookAround = []any{`(?<!fo)o(?=\w)`, `(\w)\1`, `(?P<q>[aeiou]).*(?P=q)`, `\bdef\b|\Z`}
)

// cases lists the full product for one file: every sort with every restriction and
// view, with and without reversing, stripping and adding other files.
func cases(file string, others []string) []job {
	var jobs []job
	for _, sort := range sorts {
		for _, restriction := range restrictions {
			for _, view := range views {
				for mask := range 8 {
					jobs = append(jobs, oneCase(file, others, sort, restriction, view, mask))
				}
			}
		}
	}
	return jobs
}

func oneCase(file string, others []string, sort, restriction []any, view string, mask int) job {
	var steps [][]any
	if mask&1 != 0 {
		add := []any{"add"}
		for _, other := range others {
			add = append(add, other)
		}
		steps = append(steps, add)
	}
	if mask&2 != 0 {
		steps = append(steps, []any{"strip_dirs"})
	}
	if sort != nil {
		steps = append(steps, append([]any{"sort_stats"}, sort...))
	}
	if mask&4 != 0 {
		steps = append(steps, []any{"reverse_order"})
	}
	return job{[]string{file}, append(steps, append([]any{view}, restriction...))}
}

// scenarios are longer stories: stale callees, orders that are lost, several files at once.
func scenarios(files []string, random *rand.Rand) []job {
	one := func() any { return files[random.IntN(len(files))] }
	name := func() string { return one().(string) }
	calc, callers, table := []any{"print_callees"}, []any{"print_callers", 5}, []any{"print_stats", 0.2, "p"}
	sort := []any{"sort_stats", "cumulative"}
	jobs := []job{
		{[]string{name(), name(), name()}, [][]any{table, calc}},
		{[]string{name(), name()}, [][]any{calc, {"add", one()}, calc, {"strip_dirs"}, calc}},
		{[]string{name()}, [][]any{sort, {"strip_dirs"}, table, sort, {"add", one(), one()}, table, callers}},
		{[]string{name()}, [][]any{{"strip_dirs"}, {"add", one()}, calc, {"sort_stats", "name"}, {"reverse_order"}, {"reverse_order"}, calc}},
		{[]string{name()}, [][]any{{"strip_dirs"}, {"strip_dirs"}, {"add", one()}, {"strip_dirs"}, callers, table}},
		{[]string{name()}, [][]any{{"reverse_order"}, table, sort, {"sort_stats"}, table}},
	}
	for _, pattern := range lookAround {
		jobs = append(jobs, job{[]string{name()}, [][]any{{"sort_stats", "stdname"}, {"print_stats", pattern}}})
	}
	return jobs
}

// someJobs takes jobs by chance, the same each time for the nth Python: one for each
// profile, and a few stories.
func someJobs(dir string, made profiles, n int) []job {
	random := rand.New(rand.NewPCG(uint64(n), 1))
	var files, jobs = []string(nil), []job(nil)
	for i, file := range made.all(dir) {
		if !strings.Contains(file, large) {
			files = append(files, file)
		} else if i%len(made.versions) != n {
			continue
		}
		others := []string{pick(random, files), pick(random, files)}
		jobs = append(jobs, oneCase(file, others, pick(random, sorts), pick(random, restrictions), pick(random, views), random.IntN(8)))
	}
	return append(jobs, scenarios(files, random)...)
}

func pick[T any](random *rand.Rand, from []T) T { return from[random.IntN(len(from))] }

// share shuffles jobs, always in the same way, and deals out the nth of so many parts.
func share(jobs []job, parts, n int) []job {
	random := rand.New(rand.NewPCG(3, 3))
	random.Shuffle(len(jobs), func(i, k int) { jobs[i], jobs[k] = jobs[k], jobs[i] })
	var kept []job
	for i := n % parts; i < len(jobs); i += parts {
		kept = append(kept, jobs[i])
	}
	return kept
}
