// Package grapheme cuts text into what a reader takes for characters. Call [Split].
//
// They are the extended grapheme clusters of Unicode (UAX #29): a letter with its
// accents, a flag of two code points, a family of emoji.
package grapheme

import "github.com/rivo/uniseg"

// Split cuts text into its grapheme clusters; joined, they are text again. A byte that
// is no UTF-8 is one of its own.
func Split(text string) []string {
	var list []string
	state := -1
	for len(text) > 0 {
		var cluster string
		cluster, text, _, state = uniseg.FirstGraphemeClusterInString(text, state)
		list = append(list, cluster)
	}
	return list
}
