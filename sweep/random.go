package sweep

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
)

// Random is a parameter whose values are drawn.
type Random struct {
	Name      string
	Choices   []string // one of them; else from Low to High
	Low, High float64
	Log       bool // the logarithm is drawn evenly
	Whole     bool // whole numbers, High included
}

// ParseRandom reads what a parameter is drawn from: NAME=LO:HI (whole numbers, if both ends are), NAME=LO:HI:log, or
// a list as that of [ParseGrid].
func ParseRandom(text string) (Random, error) {
	name, values, err := cutName(text)
	if err != nil {
		return Random{}, err
	}
	r := Random{Name: name}
	parts := trimmed(strings.Split(values, ":"))
	if len(parts) == 2 || len(parts) == 3 && parts[2] == "log" {
		low, lowErr := finite(parts[0])
		high, highErr := finite(parts[1])
		if lowErr == nil && highErr == nil {
			r.Low, r.High, r.Log = low, high, len(parts) == 3
			r.Whole = isWhole(parts[0]) && isWhole(parts[1])
			return r, r.check(values)
		}
	}
	if r.Choices, err = parseList(values); err != nil {
		return Random{}, fmt.Errorf("parameter %s: %w", name, err)
	}
	return r, nil
}

func isWhole(text string) bool {
	n, err := strconv.ParseInt(text, 10, 64)
	return err == nil && n > -1<<52 && n < 1<<52 // what a float64 holds exactly
}

func (r Random) check(text string) error {
	switch {
	case r.Low >= r.High:
		return fmt.Errorf("parameter %s: in %s the second number must be the larger one", r.Name, text)
	case r.Log && r.Low <= 0:
		return fmt.Errorf("parameter %s: both ends of a log range are above 0", r.Name)
	}
	return nil
}

// draw is one value.
func (r Random) draw(from *rand.Rand) string {
	if r.Choices != nil {
		return r.Choices[from.IntN(len(r.Choices))]
	}
	low, high := r.Low, r.High
	if r.Whole {
		low, high = low-0.5, high+0.5 // each whole number has a share as wide as any other
	}
	if r.Log {
		low = math.Log(max(low, r.Low/2))
		v := math.Exp(low + from.Float64()*(math.Log(high)-low))
		return r.write(v)
	}
	return r.write(low + from.Float64()*(high-low))
}

func (r Random) write(v float64) string {
	v = min(max(v, r.Low), r.High)
	if r.Whole {
		return strconv.FormatFloat(math.Round(v), 'f', -1, 64)
	}
	return number(v, logDigits)
}

// samples are joint draws of all parameters.
func samples(list []Random, n int, seed uint64) Axis {
	from := rand.New(rand.NewPCG(seed, 0))
	var a Axis
	for _, r := range list {
		a.Names = append(a.Names, r.Name)
	}
	for range n {
		row := Settings{}
		for _, r := range list {
			row[r.Name] = Value{r.draw(from)}
		}
		a.Rows = append(a.Rows, row)
	}
	return a
}
