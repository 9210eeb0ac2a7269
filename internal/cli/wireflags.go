package cli

import (
	"time"

	"github.com/spf13/pflag"

	"github.com/cantil-py/cantil/internal/app"
	"github.com/cantil-py/cantil/internal/term"
)

// wireFlags are what send and recv have in common.
type wireFlags struct {
	app.WireOptions
	wait durationFlag
}

func (w *wireFlags) add(f *pflag.FlagSet) {
	w.wait.Duration = 10 * time.Second
	f.StringVarP(&w.KeyFile, "key-file", "k", "", "prove the key in `FILE`, which is made if it is missing; else CANTIL_KEY")
	f.BoolVar(&w.AllowMD5, "allow-md5", false, "let Python before 3.12 prove the key, which it can only with HMAC-MD5")
	f.StringVar(&w.Cert, "tls-cert", "", "encrypt, and show the certificate in `FILE` (PEM)")
	f.StringVar(&w.CertKey, "tls-key", "", "its private key, in `FILE`")
	f.StringVar(&w.CA, "tls-ca", "", "encrypt, and trust only certificates signed by one in `FILE`")
	f.Var(&w.wait, "timeout", "for the connection and the proof of the key")
}

// options are those of the use case.
func (w *wireFlags) options(env Env) app.WireOptions {
	opts := w.WireOptions
	opts.Key = env.Getenv("CANTIL_KEY")
	opts.Made = func(file string) {
		env.say("made a key in %s; the other side needs the same, for example: scp -p %s HOST:", oneLine(file), oneLine(file))
	}
	opts.Loose = func(file string) {
		env.say("others on this machine can read the key in %s; chmod 600 ends that", oneLine(file))
	}
	opts.Drop = func(peer string, err error) { env.say("dropped %s: %s", oneLine(peer), oneLine(err.Error())) }
	if term.IsTerminal(env.Stderr) {
		opts.Moved = env.progress(time.Now())
	}
	return opts
}
