package browser

import (
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// root is the repository's.
const root = "../.."

// written is the folder that has the pages of benchmarks/flame/pages, made once for all tests.
var written = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "cantil-pages-")
	if err != nil {
		return "", err
	}
	cmd := exec.Command("go", "run", "./benchmarks/flame/pages", folder, "small", "compared", "exact", "hostile", "deep", "empty")
	cmd.Dir, cmd.Stderr = root, os.Stderr
	return folder, cmd.Run()
})

func TestMain(m *testing.M) {
	code := Main(m)
	if folder, err := written(); err == nil {
		_ = os.RemoveAll(folder)
	}
	os.Exit(code)
}

// page is the address of a page, looked at in some way.
func page(t *testing.T, name, fragment string) string {
	t.Helper()
	folder, err := written()
	if err != nil {
		t.Fatal(err)
	}
	return (&url.URL{Scheme: "file", Path: filepath.Join(folder, name+".html"), RawFragment: fragment, Fragment: fragment}).String()
}

// flame opens a page of the flame graph and waits until it is drawn.
func flame(t *testing.T, name, fragment string) *Tab {
	t.Helper()
	return flameSized(t, name, fragment, 1280, 800)
}

func flameSized(t *testing.T, name, fragment string, width, height int) *Tab {
	t.Helper()
	tab := Open(t, width, height)
	tab.Do(chromedp.Navigate(page(t, name, fragment)))
	tab.Wait(`document.documentElement.dataset.ready`)
	if got := Value[string](tab, `document.documentElement.dataset.ready`); got != "yes" {
		t.Fatalf("the page is %q: %s", got, tab.Text("#empty"))
	}
	return tab
}

// TestEveryViewInBothThemes is for a person, too: CANTIL_PICTURES=FOLDER keeps what it sees.
func TestEveryViewInBothThemes(t *testing.T) {
	for _, theme := range []string{"light", "dark"} {
		for _, name := range []string{"small", "compared"} {
			tab := flame(t, name, "theme="+theme)
			for key, view := range map[string]string{"1": "flame", "2": "sandwich", "3": "table", "4": "source"} {
				tab.Press(key)
				tab.Wait(`!document.getElementById('view-` + view + `').hidden`)
				tab.Picture(name + "-" + view + "-" + theme)
			}
			tab.Press(kb.Escape)
		}
	}
}
