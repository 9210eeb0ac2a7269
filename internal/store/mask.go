package store

import (
	"regexp"
	"slices"
	"strings"
	"sync"
)

// masked stands for a secret.
const masked = "***"

var (
	// These make a name a secret's wherever they stand in it, separators left out.
	secretParts = []string{
		"SECRET", "PASSWORD", "PASSWD", "PASSPHRASE", "CREDENTIAL", "PRIVATE", "COOKIE", "SESSION",
		"APIKEY", "ACCESSKEY", "AUTHKEY", "CONNECTIONSTRING",
	}
	// These do as a whole word: AUTH but not AUTHOR, TOKEN but not TOKENIZERS or max-tokens.
	secretWords = []string{
		"TOKEN", "AUTH", "OAUTH", "AUTHORIZATION", "BEARER", "PASS", "PWD", "JWT", "PAT", "DSN",
	}
	// The shell's folders are no passwords.
	harmlessNames = []string{"PWD", "OLDPWD"}
)

// shapes are the patterns of secrets, and of the words in a name.
type shapes struct{ word, urlPassword, urlQuery, httpAuth, knownTokens *regexp.Regexp }

// patterns are compiled when they are needed: every start of the program would pay for them.
var patterns = sync.OnceValue(func() shapes {
	return shapes{
		word: regexp.MustCompile(`[A-Z]+[a-z0-9]*|[a-z0-9]+|[0-9]+`),
		// https://user:password@host; the last @ before a slash or a space ends the password.
		urlPassword: regexp.MustCompile(`([A-Za-z][A-Za-z0-9+.-]*://[^\s/:@]*):[^\s/]+@`),
		urlQuery:    regexp.MustCompile(`([?&;])([\w.-]+)=([^&;\s#]+)`),
		httpAuth:    regexp.MustCompile(`(?i)\b(authorization: *|bearer +)(?:basic +|bearer +)?[\w.~+/=-]{8,}`),
		// Tokens that tell by their first letters whose they are: GitHub, GitLab, Slack, OpenAI and its like, AWS, Hugging Face, JWT.
		knownTokens: regexp.MustCompile(
			`\b(?:gh[pousr]_|github_pat_|glpat-|xox[abprs]-|sk-|AKIA|ASIA|hf_|eyJ)[\w.-]{14,}`),
	}
})

// MaskEnv turns an environment ("NAME=value") into a map in which secrets read ***. Whether a
// value is a secret is judged by its name and its shape, and rather too often than too seldom.
func MaskEnv(environ []string) map[string]string {
	env := make(map[string]string, len(environ))
	for _, entry := range environ {
		name, value, ok := strings.Cut(entry, "=")
		if !ok || name == "" {
			continue // Windows keeps a folder per drive as "=C:=C:\x"
		}
		env[name] = maskValue(name, value)
	}
	return env
}

// MaskArgs returns the arguments of a command line with secrets masked: the value of an
// option that is named like one (--token x, --password=x, db.password=x), and what has the shape of one.
func MaskArgs(argv []string) []string {
	out := make([]string, len(argv))
	valueIsSecret := false
	for i, arg := range argv {
		switch name, value, hasValue := strings.Cut(arg, "="); {
		case valueIsSecret && !isOption(arg):
			out[i], valueIsSecret = masked, false
		case hasValue && !strings.ContainsAny(name, " \t\n/?&"):
			out[i], valueIsSecret = name+"="+maskValue(strings.TrimLeft(name, "-"), value), false
		default:
			out[i] = maskShapes(arg)
			valueIsSecret = strings.HasPrefix(arg, "-") && isSecretName(strings.TrimLeft(arg, "-"))
		}
	}
	return out
}

// isOption tells the next option (--verbose, -v) from a value that starts with a dash, as random ones may.
func isOption(arg string) bool {
	return strings.HasPrefix(arg, "--") || len(arg) == 2 && arg[0] == '-'
}

func maskValue(name, value string) string {
	if value != "" && isSecretName(name) {
		return masked
	}
	return maskShapes(value)
}

// isSecretName splits DB_PASSWORD, db-password, db.password and dbPassword into the same words.
func isSecretName(name string) bool {
	if slices.Contains(harmlessNames, name) {
		return false
	}
	words := patterns().word.FindAllString(name, -1)
	for i, word := range words {
		words[i] = strings.ToUpper(word)
	}
	if len(words) == 0 {
		return false
	}
	last := words[len(words)-1]
	if last == "KEY" || strings.HasSuffix(last, "TOKEN") {
		return true
	}
	joined := strings.Join(words, "")
	return slices.ContainsFunc(words, func(word string) bool { return slices.Contains(secretWords, word) }) ||
		slices.ContainsFunc(secretParts, func(part string) bool { return strings.Contains(joined, part) })
}

// maskShapes masks secrets that tell themselves by their shape.
func maskShapes(text string) string {
	text = patterns().urlPassword.ReplaceAllString(text, "${1}:"+masked+"@")
	text = patterns().httpAuth.ReplaceAllString(text, "${1}"+masked)
	text = patterns().knownTokens.ReplaceAllString(text, masked)
	return patterns().urlQuery.ReplaceAllStringFunc(text, func(pair string) string {
		name, _, _ := strings.Cut(pair[1:], "=")
		if !isSecretName(name) {
			return pair
		}
		return pair[:1] + name + "=" + masked
	})
}
