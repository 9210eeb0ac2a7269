package app

import (
	"encoding/json"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cantil-py/cantil/value/npy"
)

// pictureOfSaved saves an array and makes its picture.
func pictureOfSaved[T npy.Number](t *testing.T, elements []T, shape ...int) Picture {
	t.Helper()
	a, err := npy.Of(elements, shape...)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "a.npy")
	if err := npy.Save(path, a); err != nil {
		t.Fatal(err)
	}
	list, err := Pictures(path)
	if err != nil || len(list) != 1 {
		t.Fatalf("%d pictures, %v", len(list), err)
	}
	return list[0]
}

func TestPictureLine(t *testing.T) {
	numbers := make([]float64, 100*lineWidth)
	for i := range numbers {
		numbers[i] = float64(i % 100)
	}
	numbers[0], numbers[1], numbers[250] = math.NaN(), math.Inf(1), -7
	p := pictureOfSaved(t, numbers)
	if p.Kind != "line" || p.Width != lineWidth || len(p.Low) != lineWidth || p.Least != -7 || p.Most != 99 {
		t.Errorf("a line: %s, %d points, %v to %v", p.Kind, p.Width, p.Least, p.Most)
	}
	if p.Low[0] != 2 || p.High[0] != 99 || p.Low[2] != -7 || p.Low[3] != 0 {
		t.Errorf("its points begin with %v to %v", p.Low[:4], p.High[:4])
	}
}

func TestPictureGrid(t *testing.T) {
	const side = 2 * gridSide
	numbers := make([]int32, 3*side*side) // of three planes the first is drawn
	for i := range side * side {
		numbers[i] = int32(i / side / 2)
	}
	p := pictureOfSaved(t, numbers, 3, side, side)
	if p.Kind != "grid" || p.Width != gridSide || p.Height != gridSide || len(p.Cells) != gridSide*gridSide || p.Cells[0] != 0 || p.Cells[gridSide*7] != 7 || p.Most != gridSide-1 {
		t.Errorf("a grid: %s of %dx%d, row 7 is %v, up to %v", p.Kind, p.Width, p.Height, p.Cells[gridSide*7], p.Most)
	}
}

func TestPictureOfNothing(t *testing.T) {
	if p := pictureOfSaved(t, []float64{}, 0, 3); p.Why == "" {
		t.Error("an array without elements has a picture")
	}
	if p := pictureOfSaved(t, []complex128{1i}); p.Why == "" {
		t.Error("complex numbers have a picture")
	}
	p := pictureOfSaved(t, []float64{math.NaN(), math.NaN()})
	text, err := json.Marshal(p)
	if err != nil || !strings.Contains(string(text), `"low":[null,null]`) || !strings.Contains(string(text), `"least":null`) {
		t.Errorf("without a number: %s, %v", text, err)
	}
}
