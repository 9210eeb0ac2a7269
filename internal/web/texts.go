package web

import (
	"html/template"
	"net/url"
	"path/filepath"
	"time"

	"github.com/cantil-py/cantil/internal/app"
)

// texts are what templates say figures with: the words of the command line.
func texts() template.FuncMap {
	return template.FuncMap{
		"time":      app.TimeText,
		"size":      app.SizeText,
		"seconds":   app.SecondsText,
		"change":    app.ChangeText,
		"calls":     app.CallsText,
		"explains":  app.ExplainsText,
		"verdictOf": func(row app.DiffRow) string { return app.VerdictOf(&row.Change) },
		"base":      filepath.Base,
		"function":  app.FuncText,
		"timings":   app.TimingsText,
		"metric":    app.BenchText,
		"whole":     wholeText,
		"when":      func(t time.Time) string { return t.Local().Format(time.DateTime) },
		"query":     query,
		"shownOf":   shownOf,
	}
}

func wholeText(f app.DiffFigure) string {
	more, less := app.MetricWords(f.Metric)
	return app.WholeText(f.Change, more, less)
}

// query is an address with names and values behind it.
func query(path string, pairs ...string) string {
	values := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		values.Add(pairs[i], pairs[i+1])
	}
	return path + "?" + values.Encode()
}

// mostChanges bounds the rows of a comparison; what is left out is told.
const mostChanges = 200

// changes are the rows of a comparison that are shown, and words about the others.
type changes struct {
	Rows  []app.DiffRow
	Lines []string
}

func shownOf(r *app.DiffReport) changes {
	rows, folded := r.Shown(mostChanges)
	return changes{rows, folded.Lines(r.Profile.Judged)}
}
