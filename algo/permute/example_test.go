package permute_test

import (
	"fmt"
	"math/big"
	"os"
	"strings"

	"github.com/cantil-py/cantil/algo/permute"
)

func ExampleOf() {
	var found []string
	for p := range permute.Of(strings.Split("1234", ""), 4) {
		found = append(found, strings.Join(p, ""))
	}
	fmt.Println(len(found), found[:3], found[23])
	// Output: 24 [1234 1243 1324] 4321
}

func ExampleSpace() {
	cards, err := permute.New(52, 52)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("ways to lay out a pack of cards:", cards.Count())
	middle := new(big.Int).Rsh(cards.Count(), 1)
	deck, err := cards.Unrank(middle)
	fmt.Println("the one in the middle begins with", deck[:3], err)
	// Output:
	// ways to lay out a pack of cards: 80658175170943878571660636856403766975289505440883277824000000000000
	// the one in the middle begins with [26 0 1] <nil>
}

func ExampleWrite() {
	items := []string{"red", "green", "blue"}
	err := permute.Write(os.Stdout, items, permute.Text{R: 2, Separator: " ", End: "\n", From: big.NewInt(3)})
	fmt.Println(err)
	// Output:
	// green blue
	// blue red
	// blue green
	// <nil>
}
