package app

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// certificate makes a key, a certificate for this machine, signed by itself, and their files.
func certificate(t *testing.T, dir, name string) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	signed, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalECPrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	cert, key = filepath.Join(dir, name+".crt"), filepath.Join(dir, name+".key")
	for path, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: signed}, key: {Type: "EC PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return cert, key
}

// TestTLS: who has the certificates gets through, who has others does not.
func TestTLS(t *testing.T) {
	dir := t.TempDir()
	serverCert, serverKey := certificate(t, dir, "server")
	clientCert, clientKey := certificate(t, dir, "client")
	otherCert, otherKey := certificate(t, dir, "other")
	quiet := WireOptions{Key: "k", Made: func(string) {}, Loose: func(string) {}, Drop: func(string, error) {}}
	here, there := quiet, quiet
	here.Cert, here.CertKey, here.CA = serverCert, serverKey, clientCert
	there.Cert, there.CertKey, there.CA = clientCert, clientKey, serverCert

	var out bytes.Buffer
	where, done := make(chan string, 1), make(chan error, 1)
	go func() {
		done <- Recv(context.Background(), RecvOptions{Listen: "127.0.0.1:0", Count: 1, Wait: 20 * time.Second, Wire: here, Out: &out,
			Listens: func(address string) { where <- address }, Got: func(Received) {}})
	}()
	address := <-where
	send := func(w WireOptions) error {
		_, err := Send(context.Background(), SendOptions{Address: address, Value: "[1, 2]", Wait: 20 * time.Second, Wire: w})
		return err
	}
	if err := send(quiet); err == nil {
		t.Error("without TLS it got through")
	}
	wrong := there
	wrong.Cert, wrong.CertKey = otherCert, otherKey
	if err := send(wrong); err == nil {
		t.Error("another client's certificate got through")
	}
	wrong = there
	wrong.CA = otherCert
	if err := send(wrong); err == nil || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("the server's certificate is signed by none that is trusted: %v", err)
	}
	if err := send(there); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil || out.String() != "[1, 2]\n" {
		t.Errorf("%q, %v", out.String(), err)
	}
}
