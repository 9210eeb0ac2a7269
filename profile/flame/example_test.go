package flame_test

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/cantil-py/cantil/profile/flame"
	"github.com/cantil-py/cantil/profile/pstats"
)

func ExamplePage_Write() {
	work := pstats.Row{Func: pstats.Func{File: "app.py", Line: 3, Name: "work"}, Listed: true, Counts: pstats.Counts{Calls: 1, Primitive: 1, Own: 2, Cumulative: 2}}
	page, err := flame.New("app.py", flame.Exact("app.prof", pstats.New([]pstats.Row{work})))
	if err != nil {
		fmt.Println(err)
		return
	}
	var html bytes.Buffer
	if err := page.Write(&html); err != nil {
		fmt.Println(err)
	}
	fmt.Println(strings.Contains(html.String(), "<title>app.py</title>"))
	// Output: true
}
