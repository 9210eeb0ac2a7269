package app

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/cantil-py/cantil/bench"
)

// BenchParam is a name that stands in the commands as {NAME}, and its values.
type BenchParam struct {
	Name   string
	Values []string
}

// ParseBenchParam reads NAME=LO:HI, NAME=LO:HI:STEP or NAME=a,b,c. A range holds HI if a step ends there.
func ParseBenchParam(text string) (BenchParam, error) {
	name, values, found := strings.Cut(text, "=")
	if !found || name == "" || strings.ContainsAny(name, "{}") {
		return BenchParam{}, fmt.Errorf("a parameter is NAME=LO:HI:STEP or NAME=a,b,c, not %q", text)
	}
	parts := strings.Split(values, ":")
	if numbers, ok := rangeNumbers(parts); ok && len(parts) > 1 {
		list, err := numberRange(parts, numbers)
		if err != nil {
			return BenchParam{}, fmt.Errorf("parameter %s: %w", name, err)
		}
		return BenchParam{name, list}, nil
	}
	return BenchParam{name, strings.Split(values, ",")}, nil
}

// rangeNumbers is false unless all two or three parts are numbers: "a:b" is one value.
func rangeNumbers(parts []string) ([]float64, bool) {
	var list []float64
	for _, p := range parts {
		v, err := strconv.ParseFloat(p, 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, false
		}
		list = append(list, v)
	}
	return list, len(list) == 2 || len(list) == 3
}

// numberRange writes each value with as many decimals as the bounds have.
func numberRange(parts []string, v []float64) ([]string, error) {
	step := 1.0
	if len(v) == 3 {
		step = v[2]
	}
	decimals := 0
	for _, p := range parts {
		if _, after, found := strings.Cut(p, "."); found {
			decimals = max(decimals, len(after))
		}
	}
	steps := (v[1] - v[0]) / step
	switch {
	case step == 0 || steps < 0:
		return nil, fmt.Errorf("%s leads nowhere", strings.Join(parts, ":"))
	case steps >= bench.MostCandidates:
		return nil, fmt.Errorf("%s has more than %d values", strings.Join(parts, ":"), bench.MostCandidates)
	}
	var list []string
	for i := range int(steps+1e-9) + 1 {
		list = append(list, strconv.FormatFloat(v[0]+float64(i)*step, 'f', decimals, 64))
	}
	return list, nil
}

// combine is every combination of the parameters' values, the last one changing fastest; of none, one that is empty.
func combine(params []BenchParam) ([]map[string]string, error) {
	all := []map[string]string{nil}
	for _, p := range params {
		var next []map[string]string
		for _, chosen := range all {
			for _, v := range p.Values {
				with := maps.Clone(chosen)
				if with == nil {
					with = map[string]string{}
				}
				with[p.Name] = v
				next = append(next, with)
			}
		}
		if all = next; len(all) > bench.MostCandidates {
			return nil, fmt.Errorf("the parameters have more than %d combinations", bench.MostCandidates)
		}
	}
	return all, nil
}

// fill puts the values into a text. No value is looked into again.
func fill(text string, params map[string]string) string {
	var pairs []string
	for _, name := range slices.Sorted(maps.Keys(params)) {
		pairs = append(pairs, "{"+name+"}", params[name])
	}
	return strings.NewReplacer(pairs...).Replace(text)
}
