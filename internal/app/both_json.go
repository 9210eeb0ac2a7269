package app

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"strconv"

	"github.com/cantil-py/cantil/profile/stacks"
)

// bothJSON is a function in the JSON: docs/formats/samples.md.
type bothJSON struct {
	File          string   `json:"file"`
	Line          int64    `json:"line"`
	Name          string   `json:"name"`
	Calls         *int64   `json:"calls"` // null where the collector has not seen it
	Primitive     *int64   `json:"primitive_calls"`
	TracedOwn     *float64 `json:"traced_own_seconds"`
	TracedCum     *float64 `json:"traced_cumulative_seconds"`
	SampledOwn    float64  `json:"own_seconds"`
	OwnLow        float64  `json:"own_seconds_low"`
	OwnHigh       float64  `json:"own_seconds_high"`
	SampledCum    float64  `json:"cumulative_seconds"`
	CumulativeLow float64  `json:"cumulative_seconds_low"`
	CumulativeHi  float64  `json:"cumulative_seconds_high"`
	Samples       int64    `json:"own_samples"`
}

func (t *bothTable) rowJSON(row bothRow) bothJSON {
	j := bothJSON{File: row.Func.File, Line: row.Func.Line, Name: row.Func.Name, Samples: row.Share.Own.Count,
		SampledOwn: t.seconds(row.Share.Own.Count), SampledCum: t.seconds(row.Share.Cumulative.Count)}
	j.OwnLow, j.OwnHigh = t.interval(row.Share.Own)
	j.CumulativeLow, j.CumulativeHi = t.interval(row.Share.Cumulative)
	if row.Counted {
		j.Calls, j.Primitive, j.TracedOwn, j.TracedCum = &row.Exact.Calls, &row.Exact.Primitive, &row.Exact.Own, &row.Exact.Cumulative
	}
	return j
}

func (t *bothTable) writeJSON(w io.Writer) error {
	doc := struct {
		Both      bool        `json:"both"`
		SameRun   bool        `json:"same_run"`
		Calls     int64       `json:"calls"`
		Plain     float64     `json:"wall_seconds"`
		Traced    float64     `json:"traced_wall_seconds"`
		Info      stacks.Info `json:"info"`
		Samples   int         `json:"samples"`
		Functions []bothJSON  `json:"functions"`
	}{true, t.same, t.calls, t.plain, t.traced, t.samples.Info, len(t.samples.Samples), []bothJSON{}}
	for _, row := range t.rows {
		doc.Functions = append(doc.Functions, t.rowJSON(row))
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(doc)
}

func (t *bothTable) writeCSV(w io.Writer) error {
	records := [][]string{{"file", "line", "name", "calls", "primitive_calls", "traced_own_seconds", "traced_cumulative_seconds",
		"own_seconds", "own_seconds_low", "own_seconds_high", "cumulative_seconds", "own_samples"}}
	number := func(x float64) string { return strconv.FormatFloat(x, 'g', 6, 64) }
	for _, row := range t.rows {
		j := t.rowJSON(row)
		record := []string{j.File, strconv.FormatInt(j.Line, 10), j.Name, "", "", "", ""}
		if row.Counted {
			record = append(record[:3], strconv.FormatInt(*j.Calls, 10), strconv.FormatInt(*j.Primitive, 10), number(*j.TracedOwn), number(*j.TracedCum))
		}
		records = append(records, append(record, number(j.SampledOwn), number(j.OwnLow), number(j.OwnHigh), number(j.SampledCum), strconv.FormatInt(j.Samples, 10)))
	}
	return csv.NewWriter(w).WriteAll(records)
}
