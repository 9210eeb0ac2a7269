package web

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestRefusals: who may not come in gets one and the same answer, whatever is asked and however.
func TestRefusals(t *testing.T) {
	dir, id := ran(t)
	c := serve(t, dir)
	own := "http://" + c.host + c.root
	change := func(r *http.Request, f func(r *http.Request)) *http.Request { f(r); return r }
	requests := map[string]*http.Request{
		"no token":                c.request("GET", "http://"+c.host+"/", ""),
		"wrong token":             c.request("GET", "http://"+c.host+"/?token="+strings.Repeat("0", 64), ""),
		"empty token":             c.request("GET", "http://"+c.host+"/?token=", ""),
		"token at another path":   c.request("GET", strings.Replace(c.address, "/?", "/runs?", 1), ""),
		"token by POST":           c.request("POST", c.address, ""),
		"no cookie":               c.request("GET", own+"/runs", ""),
		"no cookie, no such page": c.request("GET", own+"/nothing", ""),
		"no cookie, a run":        c.request("GET", own+"/run?id="+id, ""),
		"no cookie, an asset":     c.request("GET", own+"/assets/base.css", ""),
		"no cookie, events":       c.request("GET", own+"/events/runs", ""),
		"no cookie, POST":         c.request("POST", own+"/run/stop", `{"id": "`+id+`"}`),
		"another root":            change(c.known("GET", "/runs", ""), func(r *http.Request) { r.URL.Path = "/" + strings.Repeat("0", 32) + "/runs" }),
		"out of the root":         change(c.known("GET", "/runs", ""), func(r *http.Request) { r.URL.Path = "/runs" }),
		"wrong cookie": change(c.request("GET", own+"/runs", ""), func(r *http.Request) {
			r.AddCookie(&http.Cookie{Name: c.cookie.Name, Value: strings.Repeat("0", len(c.cookie.Value))})
		}),
		"the token as cookie": change(c.request("GET", own+"/runs", ""), func(r *http.Request) {
			r.AddCookie(&http.Cookie{Name: c.cookie.Name, Value: strings.SplitN(c.address, "=", 2)[1]})
		}),
		"rebound host":             change(c.known("GET", "/runs", ""), func(r *http.Request) { r.Host = "evil.example" }),
		"rebound host, our port":   change(c.known("GET", "/runs", ""), func(r *http.Request) { r.Host = "evil.example:" + port(c.host) }),
		"rebound host, the token":  change(c.request("GET", c.address, ""), func(r *http.Request) { r.Host = "evil.example:" + port(c.host) }),
		"host without port":        change(c.known("GET", "/runs", ""), func(r *http.Request) { r.Host = "127.0.0.1" }),
		"another origin":           change(c.known("GET", "/runs.json", ""), func(r *http.Request) { r.Header.Set("Origin", "http://evil.example") }),
		"null origin":              change(c.known("GET", "/runs.json", ""), func(r *http.Request) { r.Header.Set("Origin", "null") }),
		"another port":             change(c.known("POST", "/run/stop", "{}"), func(r *http.Request) { r.Header.Set("Origin", "http://127.0.0.1:1") }),
		"two origins":              change(c.known("POST", "/run/stop", "{}"), func(r *http.Request) { r.Header.Add("Origin", "http://evil.example") }),
		"POST without origin":      change(c.known("POST", "/run/stop", "{}"), func(r *http.Request) { r.Header.Del("Origin") }),
		"from another site":        change(c.known("GET", "/runs", ""), func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }),
		"from another port":        change(c.known("GET", "/runs", ""), func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "same-site") }),
		"POST typed by the person": change(c.known("POST", "/run/stop", "{}"), func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "none") }),
		"PUT":                      c.known("PUT", "/runs", ""),
		"DELETE":                   c.known("DELETE", "/run?id="+id, ""),
		"OPTIONS":                  c.known("OPTIONS", "/runs", ""),
	}
	var first string
	for name, request := range requests {
		response, body := c.send(request)
		response.Header.Del("Date")
		answer := fmt.Sprintln(response.StatusCode, response.Header, body)
		if first == "" {
			first = answer
		}
		if response.StatusCode != http.StatusForbidden || answer != first {
			t.Errorf("%s: answered\n%swant what all others get:\n%s", name, answer, first)
		}
		if strings.Contains(strings.ToLower(body), "cantil") {
			t.Errorf("%s: it tells what runs here: %s", name, body)
		}
	}
}

func port(host string) string {
	_, port, err := net.SplitHostPort(host)
	if err != nil {
		panic(err)
	}
	return port
}

// TestEntrance: the address gives a cookie that no other site, no script and no other server gets.
func TestEntrance(t *testing.T) {
	c := serve(t, project(t))
	if !c.cookie.HttpOnly || c.cookie.SameSite != http.SameSiteStrictMode || len(c.cookie.Value) != 2*secretSize || len(c.root) != 1+2*rootSize {
		t.Errorf("the cookie is %v", c.cookie)
	}
	if strings.Contains(c.address, c.cookie.Value) || strings.Contains(c.address, c.root[1:]) {
		t.Error("the address has the cookie or the folder in it")
	}
	elsewhere := c.request("GET", c.address, "")
	elsewhere.Header.Set("Sec-Fetch-Site", "cross-site") // a terminal in a browser
	if response, _ := c.send(elsewhere); response.StatusCode != http.StatusOK {
		t.Errorf("the address, opened from elsewhere: %s", response.Status)
	}
	at, err := url.Parse(c.address)
	if err != nil || at.Hostname() != "127.0.0.1" {
		t.Errorf("the address is %s: %v", c.address, err)
	}
	typed := c.known("GET", "/runs", "")
	typed.Header.Set("Sec-Fetch-Site", "none")
	if response, body := c.send(typed); response.StatusCode != http.StatusOK {
		t.Errorf("a page that the person typed: %s: %s", response.Status, body)
	}
}

// TestTwoServers: nothing of the one opens the other.
func TestTwoServers(t *testing.T) {
	a, b := serve(t, project(t)), serve(t, project(t))
	if a.cookie.Name == b.cookie.Name || a.cookie.Value == b.cookie.Value || a.root == b.root {
		t.Errorf("two servers share something: %v and %v", a.cookie, b.cookie)
	}
	request := b.request("GET", "http://"+b.host+b.root+"/runs", "")
	request.AddCookie(&http.Cookie{Name: b.cookie.Name, Value: a.cookie.Value})
	if response, _ := b.send(request); response.StatusCode != http.StatusForbidden {
		t.Errorf("with the other's cookie: %s", response.Status)
	}
}

// TestHeaders: every answer forbids what no page of ours needs.
func TestHeaders(t *testing.T) {
	dir, id := ran(t)
	c := serve(t, dir)
	for _, path := range []string{"/runs", "/runs.json", "/run?id=" + id, "/nothing", "/assets/base.css", "/assets/js/runs.js", "/file?id=" + id + "&file=stdout.log"} {
		response, _ := c.send(c.known("GET", path, ""))
		for name, want := range map[string]string{
			"Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
			"X-Frame-Options": "SAMEORIGIN", "Cross-Origin-Resource-Policy": "same-origin", "Cache-Control": "no-store",
		} {
			if got := response.Header.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", path, name, got, want)
			}
		}
	}
	if strings.Contains(policy, "unsafe") || !strings.HasPrefix(policy, "default-src 'none'") {
		t.Errorf("the policy is %s", policy)
	}
}

// TestOutside: nothing outside the runs and the named files is read, whatever an address says.
func TestOutside(t *testing.T) {
	dir, id := ran(t)
	secret := filepath.Join(dir, "secret.txt")
	if err := os.WriteFile(secret, []byte("TOP SECRET"), 0o600); err != nil {
		t.Fatal(err)
	}
	run := filepath.Join(dir, ".cantil", "runs", id)
	linked := filepath.Join(dir, ".cantil", "runs", "2026-01-01_00-00-00_linked")
	if err := os.CopyFS(linked, os.DirFS(run)); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(secret, filepath.Join(linked, "link.txt")); err != nil {
		t.Skipf("no symbolic links here: %v", err)
	}
	if err := os.Symlink(dir, filepath.Join(dir, ".cantil", "runs", "2026-01-01_00-00-00_folder")); err != nil {
		t.Fatal(err)
	}
	c := serve(t, dir)
	q := url.QueryEscape
	for _, path := range []string{
		"/value?id=" + id + "&file=" + q("../../../secret.txt"), "/file?id=" + id + "&file=" + q("../../../secret.txt"),
		"/file?id=" + id + "&file=" + q(secret), "/value?id=" + id + "&file=" + q(secret),
		"/file?id=" + q("../..") + "&file=secret.txt", "/file?id=" + q(dir) + "&file=secret.txt", "/file?id=.&file=" + id + "/stdout.log",
		"/run?id=" + q("../runs/"+id), "/run?id=..", "/run?id=", "/run?id=" + q(dir), "/run?id=@last", "/output.json?id=" + q("../../secret.txt"),
		"/run?id=2026-01-01_00-00-00_linked", "/file?id=2026-01-01_00-00-00_linked&file=link.txt", "/value?id=2026-01-01_00-00-00_linked&file=link.txt",
		"/run?id=2026-01-01_00-00-00_folder", "/file?id=2026-01-01_00-00-00_folder&file=secret.txt",
		"/value?place=0", "/value?place=-1", "/value?place=99", "/file?id=" + id + "&file=", "/file?id=" + id + "&file=kept",
		"/assets/../../secret.txt", "/assets/%2e%2e/%2e%2e/go.mod", "/assets/", "/assets/js", "/templates/layout.html",
		"/compare?before=" + q(secret) + "&after=" + id, "/compare?before=" + q("prog.py") + "&after=" + id,
	} {
		request := c.known("GET", "/", "")
		request.URL.Path, request.URL.RawQuery, _ = strings.Cut(c.root+path, "?")
		response, body := c.send(request)
		if response.StatusCode < 300 || strings.Contains(body, "TOP SECRET") {
			t.Errorf("%s: %s: %.200s", path, response.Status, body)
		}
	}
	if body := c.get("/file?id="+id+"&file=stdout.log", http.StatusOK); !strings.HasPrefix(body, "line 0\n") {
		t.Errorf("a file that may be read: %.100q", body)
	}
}

// TestBounds: large headers and bodies are refused, slow and many connections do not stop others.
func TestBounds(t *testing.T) {
	c := serve(t, project(t))
	large := c.known("GET", "/runs", "")
	large.Header.Set("X-Large", strings.Repeat("x", 24<<10))
	if response, _ := c.send(large); response.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("a header of 24 KiB: %s", response.Status)
	}
	body := `{"program": "` + strings.Repeat("x", maxBody) + `"}`
	if response, text := c.send(c.known("POST", "/launch/check", body)); response.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("a body of more than 1 MiB: %s: %.100s", response.Status, text)
	}
	for range maxConnections / 2 { // they say nothing
		conn, err := net.Dial("tcp", c.host)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
	}
	c.get("/runs", http.StatusOK)
}

// TestLoopback: nobody listens on another address of this machine.
func TestLoopback(t *testing.T) {
	c := serve(t, project(t))
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range addresses {
		network, ok := a.(*net.IPNet)
		if !ok || network.IP.IsLoopback() {
			continue
		}
		conn, err := net.DialTimeout("tcp", net.JoinHostPort(network.IP.String(), port(c.host)), time.Second)
		if err == nil {
			conn.Close()
			t.Errorf("it listens on %s", network.IP)
		}
	}
}

// TestMalformed: what is no HTTP is answered by the library, and tells nothing either.
func TestMalformed(t *testing.T) {
	c := serve(t, project(t))
	for _, text := range []string{"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", "GET http://evil.example/ HTTP/1.1\r\nHost: " + c.host + "\r\n\r\n", "GET / HTTP/1.0\r\n\r\n", "GET /runs HTTP/1.1\r\n\r\n", "nonsense\r\n\r\n"} {
		conn, err := net.Dial("tcp", c.host)
		if err != nil {
			t.Fatal(err)
		}
		if err := conn.SetDeadline(time.Now().Add(5 * time.Second)); err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(conn, text)
		line, err := bufio.NewReader(conn).ReadString('\n')
		conn.Close()
		if err != nil || !strings.Contains(line, " 400 ") && !strings.Contains(line, " 403 ") {
			t.Errorf("%q: answered %q, %v", text, line, err)
		}
	}
}
