package app

import (
	"bytes"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"runtime"
	"syscall"

	"github.com/cantil-py/cantil/value"
	"github.com/cantil-py/cantil/value/wire"
)

const (
	// newKeyBytes are as many random bytes as the digest of the proof has.
	newKeyBytes = 32
	// maxKeyFile bounds a key, so that another file is not taken for one.
	maxKeyFile = 4096
)

// WireOptions are how two programs come to trust each other.
type WireOptions struct {
	KeyFile  string
	Key      string // where there is no KeyFile; "" for none
	AllowMD5 bool
	Cert     string // files of TLS, in PEM: this side's certificate,
	CertKey  string // its key,
	CA       string // and who signs the other side's

	Made  func(keyFile string)         // a key file was made
	Loose func(keyFile string)         // others can read the key file
	Drop  func(peer string, err error) // a peer was turned away
	Moved func(done, total int64)      // progress; nil for none. total is 0 where it is not known
}

// wire makes the options of a connection.
func (o WireOptions) wire(listens bool) (wire.Options, error) {
	key, err := o.key()
	if err != nil {
		return wire.Options{}, err
	}
	secure, err := o.tls(listens)
	if err != nil {
		return wire.Options{}, err
	}
	return wire.Options{Key: key, AllowMD5: o.AllowMD5, TLS: secure}, nil
}

// key is the key of the file, which is made if it is missing.
func (o WireOptions) key() ([]byte, error) {
	if o.KeyFile == "" {
		return []byte(o.Key), nil
	}
	info, err := os.Stat(o.KeyFile)
	if errors.Is(err, fs.ErrNotExist) {
		return o.makeKey()
	}
	if err != nil {
		return nil, fmt.Errorf("reading the key: %w", err)
	}
	if !info.Mode().IsRegular() || info.Size() > maxKeyFile {
		return nil, fmt.Errorf("reading the key: %s is no file of at most %d bytes", o.KeyFile, maxKeyFile)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		o.Loose(o.KeyFile)
	}
	key, err := os.ReadFile(o.KeyFile)
	if err != nil {
		return nil, fmt.Errorf("reading the key: %w", err)
	}
	if key = bytes.TrimRight(key, "\r\n"); len(key) == 0 {
		return nil, fmt.Errorf("reading the key: %s is empty", o.KeyFile)
	}
	return key, nil
}

// makeKey makes the file, for this user alone, and never replaces one.
func (o WireOptions) makeKey() ([]byte, error) {
	random := make([]byte, newKeyBytes)
	if _, err := rand.Read(random); err != nil {
		return nil, fmt.Errorf("making a key: %w", err)
	}
	key := []byte(hex.EncodeToString(random))
	f, err := os.OpenFile(o.KeyFile, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fmt.Errorf("making a key: %w", err)
	}
	_, err = f.Write(key)
	if err = errors.Join(err, f.Close()); err != nil {
		os.Remove(o.KeyFile)
		return nil, fmt.Errorf("making a key: %w", err)
	}
	o.Made(o.KeyFile)
	return key, nil
}

// tls is nil where none was asked for.
func (o WireOptions) tls(listens bool) (*tls.Config, error) {
	if o.Cert == "" && o.CertKey == "" && o.CA == "" {
		return nil, nil
	}
	config := &tls.Config{MinVersion: tls.VersionTLS13}
	if o.Cert != "" || o.CertKey != "" {
		pair, err := tls.LoadX509KeyPair(o.Cert, o.CertKey)
		if err != nil {
			return nil, fmt.Errorf("reading the certificate: %w", err)
		}
		config.Certificates = []tls.Certificate{pair}
	} else if listens {
		return nil, errors.New("who listens with TLS needs a certificate and its key")
	}
	if o.CA == "" {
		return config, nil
	}
	text, err := os.ReadFile(o.CA)
	if err != nil {
		return nil, fmt.Errorf("reading the certificates to trust: %w", err)
	}
	trusted := x509.NewCertPool()
	if !trusted.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("reading the certificates to trust: there is none in %s", o.CA)
	}
	config.RootCAs = trusted
	if listens {
		config.ClientCAs, config.ClientAuth = trusted, tls.RequireAndVerifyClientCert
	}
	return config, nil
}

// WireHint is what can be done about a connection that did not come to be, or "".
func WireHint(err error) string {
	var address *net.AddrError
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return "another program listens there: end it, or choose another; with the port 0 any that is free is taken"
	case errors.As(err, &address):
		return "an address is HOST:PORT or unix:PATH"
	case errors.Is(err, wire.ErrMD5):
		return "--allow-md5 allows it, for a Python before 3.12"
	case errors.Is(err, wire.ErrNoKey):
		return "--key-file FILE makes a key, which both sides need"
	case errors.Is(err, wire.ErrAuth):
		return "both sides need the same key, and must agree on having one: --key-file FILE or CANTIL_KEY"
	}
	return ""
}

// BytesText is Python's repr of bytes.
func BytesText(p []byte) string { return value.ReprBytes(p) }
