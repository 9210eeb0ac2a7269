package bench

import (
	"math"
	"math/rand/v2"
	"os"
	"testing"
)

// noise draws times as this kind of machine has them: a normal core, now and then one that was interrupted.
func noise(r *rand.Rand) float64 {
	t := 1 + 0.02*r.NormFloat64()
	if r.IntN(10) == 0 {
		t += 0.1 * r.ExpFloat64()
	}
	return t
}

// TestCoverage: an interval of 95 % has the true ratio in about 95 of 100, also of few rounds, with long tails, and with
// a load that comes and goes.
func TestCoverage(t *testing.T) {
	trials, least := 200, 0.90
	if os.Getenv("CANTIL_SLOW") != "" {
		trials, least = 2000, 0.93
	}
	r := rand.New(rand.NewPCG(1, 2))
	for _, rounds := range []int{10, 20, 50} {
		for _, ratio := range []float64{1, 1.1} {
			held, far := 0, 0
			for range trials {
				a, b := make([]float64, rounds), make([]float64, rounds)
				load := 1.0
				for i := range a {
					if r.IntN(5) == 0 {
						load = 1 + 2*r.Float64()
					}
					a[i], b[i] = load*ratio*noise(r), load*noise(r)
				}
				got := Compare(a, b, Confidence)
				if got.Low <= ratio && ratio <= got.High {
					held++
				}
				if got.Width() > 0.1 {
					far++
				}
			}
			t.Logf("%d rounds, ratio %v: %d of %d intervals hold it", rounds, ratio, held, trials)
			if part := float64(held) / float64(trials); part < least || part > 0.995 {
				t.Errorf("%d rounds, ratio %v: %.3f of the intervals hold it", rounds, ratio, part)
			}
			if far > trials/10 {
				t.Errorf("%d rounds: %d of %d intervals are wider than 10 %%", rounds, far, trials)
			}
		}
	}
}

func TestCompareExact(t *testing.T) {
	same := []float64{2, 2, 2, 2, 2}
	half := []float64{1, 1, 1, 1, 1}
	if got := Compare(same, half, Confidence); math.Abs(got.Ratio-2) > 1e-12 || got.Low != got.High || !got.Differs() || got.Width() != 0 {
		t.Errorf("figures without noise: %+v", got)
	}
	if got := Compare(same, same, Confidence); got.Differs() || got.Width() != 0 {
		t.Errorf("the same figures: %+v", got)
	}
	for n := range 3 {
		if got := Compare(same[:n], half[:n], Confidence); got.Known() || got.Differs() || !math.IsInf(got.Width(), 1) {
			t.Errorf("%d rounds: %+v", n, got)
		}
	}
	mostly := []float64{1, 1, 1, 1, 1, 1, 1, 1, 1, 1.5} // trimming leaves no spread, but there is some
	ones := []float64{1, 1, 1, 1, 1, 1, 1, 1, 1, 1}
	if got := Compare(mostly, ones, Confidence); !got.Known() || got.Differs() || got.Width() == 0 {
		t.Errorf("one figure that differs: %+v", got)
	}
}

// TestTrimmed has the figures of a worked example: 20 % off each end of ten.
func TestTrimmed(t *testing.T) {
	m, d := trimmed([]float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 100})
	// winsorized: 3 3 3 4 5 6 7 8 8 8, mean 5.5, variance 42.5/9; (1/0.6)*sqrt(var/10)
	if math.Abs(m-5.5) > 1e-12 || math.Abs(d-math.Sqrt(42.5/9/10)/0.6) > 1e-12 {
		t.Errorf("mean %v, standard error %v", m, d)
	}
}

// TestQuantileT compares with the tables: t(0.975, 9), t(0.975, 4), t(0.995, 29).
func TestQuantileT(t *testing.T) {
	for _, c := range []struct {
		level float64
		n     int
		want  float64
	}{{0.95, 10, 2.262}, {0.95, 5, 2.776}, {0.99, 30, 2.756}, {0.99, 10, 3.250}, {0.95, 3, 4.303}, {0.99, 3, 9.925}, {0.95, 100000, 1.960}} {
		if got := quantileT(c.level, c.n); math.Abs(got-c.want) > 0.01*c.want {
			t.Errorf("level %v of %d: %v, want %v", c.level, c.n, got, c.want)
		}
	}
}

// TestManyAndFew: beyond the bootstrap the interval goes on where it was.
func TestManyAndFew(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	ones, x := make([]float64, mostResampled+1), make([]float64, mostResampled+1)
	for i := range x {
		ones[i], x[i] = 1, noise(r)
	}
	with, without := Compare(x[:mostResampled], ones, Confidence), Compare(x, ones, Confidence)
	if math.Abs(with.Width()/without.Width()-1) > 0.1 {
		t.Errorf("width %v of %d, %v of one more", with.Width(), mostResampled, without.Width())
	}
}
