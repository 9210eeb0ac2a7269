package web

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net/http"
	"slices"
	"strings"
)

const (
	// secretSize is the length of the token and of the cookie, in bytes: nobody guesses 256 bits.
	secretSize = 32
	// rootSize is that of the folder below which all pages are. Browsers send cookies to every port of a host, but to no
	// path outside the cookie's own: another server of this machine must not be able to name ours.
	rootSize = 16
	// tokenKey is the token in the address that the terminal prints.
	tokenKey = "token"
	// policy lets pages use what this server gives and nothing else; no script or style stands inside a page.
	policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; " +
		"form-action 'self'; frame-ancestors 'self'; base-uri 'none'"
)

// guard lets nobody pass but the person who has seen the terminal. Whoever else asks, whatever they ask, gets the same refusal.
type guard struct {
	hosts  []string // the names by which a browser may call us, with the port
	root   string   // "/" and a random word
	token  string   // in the address that the terminal prints
	cookie string   // what the browser shows from then on
	name   string   // the cookie's
	next   http.Handler
}

func newGuard(port string, next http.Handler) *guard {
	return &guard{
		hosts: []string{"127.0.0.1:" + port, "localhost:" + port},
		root:  "/" + secret(rootSize), token: secret(secretSize), cookie: secret(secretSize),
		name: "cantil-" + port, next: next,
	}
}

// secret is a random word of so many bytes. crypto/rand never fails: it would end the process.
func secret(size int) string {
	random := make([]byte, size)
	_, _ = rand.Read(random)
	return hex.EncodeToString(random)
}

// address is what the terminal prints.
func (g *guard) address() string { return "http://" + g.hosts[0] + "/?" + tokenKey + "=" + g.token }

// ServeHTTP refuses, lets in, or passes on what is below root.
func (g *guard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	protect(w.Header())
	switch {
	case !slices.Contains(g.hosts, r.Host): // a name of another's that was made to lead here
		refuse(w)
	case g.isEntrance(r):
		g.enter(w, r)
	case !g.isKnown(r) || !isOwn(r):
		refuse(w)
	default:
		http.StripPrefix(g.root, g.next).ServeHTTP(w, r)
	}
}

// protect sets the headers of every answer.
func protect(h http.Header) {
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Frame-Options", "SAMEORIGIN")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
}

// refuse tells nothing: not what runs here, and not whether what was asked for is there.
func refuse(w http.ResponseWriter) {
	w.Header().Set("Connection", "close")
	http.Error(w, "Forbidden: open the address that was printed when this server was started.", http.StatusForbidden)
}

// isEntrance says whether this is the address from the terminal. It may be opened from anywhere, a terminal in a browser for example.
func (g *guard) isEntrance(r *http.Request) bool {
	return r.Method == http.MethodGet && r.URL.Path == "/" && same(r.URL.Query().Get(tokenKey), g.token)
}

// enter gives the cookie. The way on is a page that loads the next, not a redirection: a strict cookie is not sent
// along redirections that begin at another site.
func (g *guard) enter(w http.ResponseWriter, _ *http.Request) {
	http.SetCookie(w, &http.Cookie{Name: g.name, Value: g.cookie, Path: g.root + "/", HttpOnly: true, SameSite: http.SameSiteStrictMode})
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write([]byte(`<!doctype html><title>cantil</title><link rel="icon" href="` + g.root + `/assets/icon.svg">` + // else browsers ask for one that we refuse
		`<meta http-equiv="refresh" content="0; url=` + g.root + `/">`))
}

// isKnown says whether the request has the cookie, and asks for something below root.
func (g *guard) isKnown(r *http.Request) bool {
	known := false
	for _, cookie := range r.CookiesNamed(g.name) {
		known = known || same(cookie.Value, g.cookie)
	}
	return known && strings.HasPrefix(r.URL.Path, g.root+"/")
}

// isOwn says whether one of our own pages, or the person, asks: not a page of another origin. What changes something
// must say its origin; what only reads may leave it out.
func isOwn(r *http.Request) bool {
	origins, site := r.Header.Values("Origin"), r.Header.Get("Sec-Fetch-Site")
	for _, origin := range origins {
		if origin != "http://"+r.Host {
			return false
		}
	}
	switch r.Method {
	case http.MethodGet, http.MethodHead:
		return site == "" || site == "same-origin" || site == "none"
	case http.MethodPost:
		return len(origins) == 1 && (site == "" || site == "same-origin")
	}
	return false
}

// same compares without telling by its time how much was right.
func same(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}
