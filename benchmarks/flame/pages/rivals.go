package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/cantil-py/cantil/profile/export"
	"github.com/cantil-py/cantil/profile/tree"
)

// writeRivals writes the page's profile of a million nodes as speedscope and d3-flame-graph take it: million-speedscope.js, which
// speedscope is pointed at, and million-d3.html.
func writeRivals(folder, modules string) error {
	p := wide(millionNodes)
	format, err := export.Find("speedscope")
	if err != nil {
		return err
	}
	var file bytes.Buffer
	if err := format.Sampled(&file, p); err != nil {
		return err
	}
	script := `speedscope.loadFileFromBase64("million", "` + base64.StdEncoding.EncodeToString(file.Bytes()) + `")`
	if err := os.WriteFile(filepath.Join(folder, "million-speedscope.js"), []byte(script), 0o644); err != nil {
		return err
	}
	calls := tree.FromSamples(p, tree.Options{MaxNodes: 2 * millionNodes})
	data, err := json.Marshal(d3Tree(calls, 0))
	if err != nil {
		return err
	}
	page := fmt.Sprintf(`<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="file://%[1]s/d3-flame-graph/dist/d3-flamegraph.css">
<div id="chart"></div><script src="file://%[1]s/d3/dist/d3.min.js"></script><script src="file://%[1]s/d3-flame-graph/dist/d3-flamegraph.umd.min.js"></script>
<script>const data = %[2]s; d3.select("#chart").datum(data).call((flamegraph.flamegraph ?? flamegraph.default ?? flamegraph)().width(1900));</script>`, modules, data)
	return os.WriteFile(filepath.Join(folder, "million-d3.html"), []byte(page), 0o644)
}

// d3Node is a node as d3-flame-graph takes it.
type d3Node struct {
	Name     string   `json:"name"`
	Value    float64  `json:"value"`
	Children []d3Node `json:"children,omitempty"`
}

// d3Tree is a node and all below it; the profile is 60 deep.
func d3Tree(t *tree.Tree, at int32) d3Node {
	n := t.Nodes[at]
	node := d3Node{Name: "all", Value: n.Cumulative}
	if n.Func >= 0 {
		node.Name = t.Funcs[n.Func].Name
	}
	for child := n.First; child < n.First+n.Len; child++ {
		node.Children = append(node.Children, d3Tree(t, child))
	}
	return node
}
