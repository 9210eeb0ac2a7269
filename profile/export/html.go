package export

import (
	"io"

	"github.com/cantil-py/cantil/profile/flame"
	"github.com/cantil-py/cantil/profile/pstats"
	"github.com/cantil-py/cantil/profile/stacks"
)

// html is the page of package profile/flame.
func html() Format { return HTMLWithSources(nil) }

// HTMLWithSources is the format html with the sources of the profile's functions in it, as
// far as read gives them. Whoever gets the page can read them.
func HTMLWithSources(read func(file string) ([]byte, error)) Format {
	return Format{
		Name: "html", Summary: "a browser: one page with flame graph, sandwich, table and search", Ending: ".html",
		Sampled: func(w io.Writer, p *stacks.Profile) error {
			return writePage(w, flame.Sampled(shortened(commandName(p), maxText), p), read)
		},
		Exact: func(w io.Writer, s *pstats.Stats) error {
			return writePage(w, flame.Exact(shortened(sourceName(s), maxText), s), read)
		},
	}
}

func writePage(w io.Writer, profile *flame.Profile, read func(file string) ([]byte, error)) error {
	page, err := flame.New("", profile)
	if err != nil {
		return err
	}
	if read != nil {
		page.AddSources(read)
	}
	return page.Write(w)
}
