package sweep_test

import (
	"fmt"
	"log"

	"github.com/cantil-py/cantil/sweep"
)

// The points of two parameters. An Executor is then given to Do, with a Job for each.
func ExampleSpace_Points() {
	var space sweep.Space
	for _, text := range []string{"lr=1e-3:1e-1:log:3", "layers=20,20|10,10,10"} {
		axis, err := sweep.ParseGrid(text)
		if err != nil {
			log.Fatal(err)
		}
		space.Axes = append(space.Axes, axis)
	}
	points, names, _, err := space.Points()
	if err != nil {
		log.Fatal(err)
	}
	for _, p := range points {
		fmt.Println(p.ID(), p.Text(names))
	}
	// Output:
	// ebf3be152c66 lr=1e-3 layers=20,20
	// 61ff5785ff0e lr=1e-3 layers=10,10,10
	// 2a6962619d9f lr=0.01 layers=20,20
	// bada49a86f56 lr=0.01 layers=10,10,10
	// a95f7cf9f965 lr=1e-1 layers=20,20
	// 4b424cff0277 lr=1e-1 layers=10,10,10
}
