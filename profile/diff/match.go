package diff

import (
	"cmp"
	"math"
	"slices"
)

const (
	// skipLines is what it costs to leave a function without a partner: two of one name that lie twice as far from where they are expected
	// are not the same.
	skipLines = 30
	// mostAligned bounds the work for functions of one name in one file; beyond, they are matched in their order.
	mostAligned = 1 << 22
)

// match finds for each function of before its place in after, or -1. Files of before have their new names already.
func match(before, after []Func) []int {
	partner := make([]int, len(before))
	for i := range partner {
		partner[i] = -1
	}
	olds, news := byFile(before), byFile(after)
	for file, old := range olds {
		matchFile(before, after, old, news[file], partner)
	}
	return partner
}

func byFile(funcs []Func) map[string][]int {
	files := map[string][]int{}
	for i, f := range funcs {
		files[f.File] = append(files[f.File], i)
	}
	return files
}

// matchFile matches the functions of one file: first the names that are there once, then the others by where they stand.
func matchFile(before, after []Func, olds, news, partner []int) {
	oldNames, newNames := byName(before, olds), byName(after, news)
	var fixed []fixedPoint
	for name, old := range oldNames {
		if now := newNames[name]; len(old) == 1 && len(now) == 1 {
			partner[old[0]] = now[0]
			fixed = append(fixed, fixedPoint{before[old[0]].Line, after[now[0]].Line})
			delete(oldNames, name)
		}
	}
	slices.SortFunc(fixed, func(a, b fixedPoint) int { return cmp.Compare(a.old, b.old) })
	for name, old := range oldNames {
		align(before, after, old, newNames[name], fixed, partner)
	}
}

// byName has the functions of each name in the order of their lines.
func byName(funcs []Func, ids []int) map[string][]int {
	names := map[string][]int{}
	for _, i := range ids {
		names[funcs[i].Name] = append(names[funcs[i].Name], i)
	}
	for _, list := range names {
		slices.SortFunc(list, func(a, b int) int { return cmp.Compare(funcs[a].Line, funcs[b].Line) })
	}
	return names
}

// fixedPoint is where a function that is known for sure began, and begins.
type fixedPoint struct{ old, now int64 }

// expected is where what stood in an old line stands now: as far behind the last fixed point before it.
func expected(line int64, fixed []fixedPoint) int64 {
	at, found := slices.BinarySearchFunc(fixed, line, func(p fixedPoint, line int64) int { return cmp.Compare(p.old, line) })
	if !found {
		at = max(0, at-1)
	}
	if at >= len(fixed) {
		return line
	}
	return line + fixed[at].now - fixed[at].old
}

// align matches functions of one name, both in the order of their lines, so that the distances from where each is expected, and the
// costs of those that are left alone, have the least sum.
func align(before, after []Func, olds, news []int, fixed []fixedPoint, partner []int) {
	n, m := len(olds), len(news)
	if n*m > mostAligned {
		for i := range min(n, m) {
			partner[olds[i]] = news[i]
		}
		return
	}
	distance := func(i, j int) float64 {
		return math.Abs(float64(expected(before[olds[i]].Line, fixed) - after[news[j]].Line))
	}
	// least[i][j] is the least sum for the olds from i on and the news from j on.
	least := make([][]float64, n+1)
	for i := n; i >= 0; i-- {
		least[i] = make([]float64, m+1)
		for j := m; j >= 0; j-- {
			switch {
			case i == n || j == m:
				least[i][j] = float64(n-i+m-j) * skipLines
			default:
				least[i][j] = min(least[i+1][j+1]+distance(i, j), least[i+1][j]+skipLines, least[i][j+1]+skipLines)
			}
		}
	}
	for i, j := 0, 0; i < n && j < m; {
		switch least[i][j] {
		case least[i+1][j+1] + distance(i, j):
			partner[olds[i]] = news[j]
			i, j = i+1, j+1
		case least[i+1][j] + skipLines:
			i++
		default:
			j++
		}
	}
}
