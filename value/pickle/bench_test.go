package pickle

import (
	"io"
	"testing"

	"github.com/cantil-py/cantil/value"
)

// rows is a list of n dicts of five small values, of which the keys are shared.
func rows(n int) value.Value {
	l := &value.List{Items: make([]value.Value, n)}
	names := []value.Str{"id", "name", "score", "ok", "n"}
	for i := range l.Items {
		d := new(value.Dict)
		for k, v := range []value.Value{value.Int(i), value.Str("user" + value.Int(i%1000).String()), value.Float(float64(i) * 0.37), value.Bool(i%2 == 0), value.Int(i % 997)} {
			if d.Set(names[k], v) != nil {
				return nil
			}
		}
		l.Items[i] = d
	}
	return l
}

// floats is a list of n floats.
func floats(n int) value.Value {
	l := &value.List{Items: make([]value.Value, n)}
	for i := range l.Items {
		l.Items[i] = value.Float(float64(i) * 0.37)
	}
	return l
}

func BenchmarkLoad(b *testing.B) {
	for name, v := range map[string]value.Value{"rows": rows(300_000), "floats": floats(1_000_000)} {
		data, err := Dump(v)
		if err != nil {
			b.Fatal(err)
		}
		v = nil
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Load(data); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkDump(b *testing.B) {
	for name, v := range map[string]value.Value{"rows": rows(300_000), "floats": floats(1_000_000)} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := NewEncoder(io.Discard).Value(v); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
