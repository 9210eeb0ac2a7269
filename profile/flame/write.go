package flame

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html"
	"io"
	"io/fs"
	"strings"
)

//go:embed assets
var assets embed.FS

// Assets are the files of the page: flame.css and modules of JavaScript, of which js/main.js is the first.
func Assets() fs.FS {
	files, err := fs.Sub(assets, "assets")
	if err != nil {
		return assets // cannot be: the name is a constant, and valid
	}
	return files
}

// The places in assets/page.html that are filled in.
const (
	placeTitle  = "{{title}}"
	placePolicy = "{{policy}}"
	placeStyle  = "{{style}}"
	placeData   = "{{data}}"
	placeScript = "{{script}}"
)

// Shell is the page without its data, for a server: it loads Assets from below the one
// address and what [Page.WriteData] writes from the other. Both may be relative. It has
// no script and no style of its own, so the server's policy need not allow any.
func Shell(title, assetsURL, dataURL string) ([]byte, error) {
	at := html.EscapeString(strings.TrimSuffix(assetsURL, "/"))
	page, err := fs.ReadFile(Assets(), "page.html")
	if err != nil {
		return nil, err
	}
	return []byte(strings.NewReplacer(
		placeTitle, html.EscapeString(title),
		placePolicy, "",
		placeStyle, `<link rel="stylesheet" href="`+at+`/flame.css">`,
		placeData, `<script type="application/json" id="profile" data-from="`+html.EscapeString(dataURL)+`"></script>`,
		placeScript, `<script type="module" src="`+at+`/js/main.js"></script>`,
	).Replace(string(page))), nil
}

// Write writes the page as one file that needs nothing else. Its own policy lets it load
// nothing, send nothing, and run no script but the one that is in it.
func (p *Page) Write(w io.Writer) error {
	page, err := fs.ReadFile(Assets(), "page.html")
	if err != nil {
		return err
	}
	style, err := fs.ReadFile(Assets(), "flame.css")
	if err != nil {
		return err
	}
	script, err := joined(Assets(), "js/main.js")
	if err != nil {
		return fmt.Errorf("joining the page's scripts: %w", err)
	}
	fill := strings.NewReplacer(
		placeTitle, html.EscapeString(p.shownTitle()),
		placePolicy, `<meta http-equiv="Content-Security-Policy" content="`+policy(style, script)+`">`,
		placeStyle, "<style>"+string(style)+"</style>",
		placeScript, `<script type="module">`+string(script)+"</script>",
	)
	before, after, _ := strings.Cut(string(page), placeData)
	return p.around(w, fill.Replace(before)+`<script type="application/json" id="profile">`, "</script>"+fill.Replace(after))
}

// around writes the data between two parts of the page.
func (p *Page) around(w io.Writer, before, after string) error {
	out := bufio.NewWriter(w)
	if _, err := out.WriteString(before); err != nil {
		return fmt.Errorf("writing a page: %w", err)
	}
	if err := p.WriteData(out); err != nil {
		return err
	}
	if _, err := out.WriteString(after); err != nil {
		return fmt.Errorf("writing a page: %w", err)
	}
	return out.Flush()
}

// policy allows the very style and script of the page, and nothing else at all.
func policy(style, script []byte) string {
	hash := func(text []byte) string {
		sum := sha256.Sum256(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))) // as a browser reads it
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	return "default-src 'none'; style-src " + hash(style) + "; script-src " + hash(script) + "; base-uri 'none'; form-action 'none'"
}
