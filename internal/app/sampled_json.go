package app

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"strconv"

	"github.com/cantil-py/cantil/profile/stacks"
)

// The JSON of a sampled profile: docs/formats/samples.md.
type sampledJSON struct {
	Sampled   bool              `json:"sampled"`
	Info      stacks.Info       `json:"info"`
	Samples   int               `json:"samples"`
	Period    float64           `json:"period_seconds"`
	Functions []sampledFuncJSON `json:"functions"`
	Path      []sampledStepJSON `json:"heaviest_path"`
}

type sampledFuncJSON struct {
	sampledNameJSON
	Own        shareJSON `json:"own"`
	Cumulative shareJSON `json:"cumulative"`
}

type sampledNameJSON struct {
	File string `json:"file"`
	Line int    `json:"line"`
	Name string `json:"name"`
}

type shareJSON struct {
	Samples int64   `json:"samples"`
	Seconds float64 `json:"seconds"`
	Share   float64 `json:"share"`
	Low     float64 `json:"low"`
	High    float64 `json:"high"`
}

type sampledStepJSON struct {
	sampledNameJSON
	Times int     `json:"times"`
	Share float64 `json:"share"`
	Own   float64 `json:"own_share"`
}

func (t *sampledTable) nameJSON(id stacks.FuncID) sampledNameJSON {
	f := exactName(t.p.Funcs[id])
	return sampledNameJSON{f.File, int(f.Line), f.Name}
}

func (t *sampledTable) shareJSON(s stacks.Share) shareJSON {
	return shareJSON{s.Count, t.p.Time(s.Count).Seconds(), s.Value, s.Low, s.High}
}

func (t *sampledTable) writeJSON(w io.Writer) error {
	doc := sampledJSON{
		Sampled: true, Info: t.p.Info, Samples: len(t.p.Samples), Period: t.p.Period().Seconds(),
		Functions: []sampledFuncJSON{}, Path: []sampledStepJSON{},
	}
	for _, row := range t.listed {
		doc.Functions = append(doc.Functions, sampledFuncJSON{t.nameJSON(row.Func), t.shareJSON(row.Own), t.shareJSON(row.Cumulative)})
	}
	for _, s := range t.path() {
		doc.Path = append(doc.Path, sampledStepJSON{t.nameJSON(s.Func), s.Times, s.Share, s.Own})
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(doc)
}

func (t *sampledTable) writeCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	records := [][]string{{"file", "line", "name", "own_samples", "own_seconds", "own_share", "own_low", "own_high",
		"cumulative_samples", "cumulative_seconds", "cumulative_share", "cumulative_low", "cumulative_high"}}
	for _, row := range t.listed {
		name := t.nameJSON(row.Func)
		record := []string{name.File, strconv.Itoa(name.Line), name.Name}
		for _, s := range []shareJSON{t.shareJSON(row.Own), t.shareJSON(row.Cumulative)} {
			record = append(record, strconv.FormatInt(s.Samples, 10))
			for _, x := range []float64{s.Seconds, s.Share, s.Low, s.High} {
				record = append(record, strconv.FormatFloat(x, 'g', 6, 64))
			}
		}
		records = append(records, record)
	}
	return out.WriteAll(records)
}
