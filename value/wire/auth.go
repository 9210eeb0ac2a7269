package wire

import (
	"bytes"
	"crypto/hmac"
	"crypto/md5"
	"crypto/rand"
	"crypto/sha256"
	"crypto/sha3"
	"crypto/sha512"
	"fmt"
	"hash"
)

// The messages of the proof, and their sizes. CPython 3.12 put the digest's name in
// front of challenge and answer; before, there was HMAC-MD5 alone.
const (
	challengeMark = "#CHALLENGE#"
	welcomeMark   = "#WELCOME#"
	failureMark   = "#FAILURE#"

	maxProof     = 256 // bytes of any of them, as CPython has it
	nonceSize    = 40  // random bytes of a challenge
	oldNonceSize = 20  // ... before CPython 3.12
)

const ourDigest = "sha256"

// digest is the named hash, or nil for one that CPython does not allow here.
func digest(name string) func() hash.Hash {
	switch name {
	case "md5":
		return md5.New
	case "sha256":
		return sha256.New
	case "sha384":
		return sha512.New384
	case "sha3_256":
		return func() hash.Hash { return sha3.New256() }
	case "sha3_384":
		return func() hash.Hash { return sha3.New384() }
	}
	return nil
}

// named parts "{name}rest". Without a name it is "" and all of p.
func named(p []byte) (name string, rest []byte) {
	if len(p) == 0 || p[0] != '{' {
		return "", p
	}
	word, after, ok := bytes.Cut(p[1:], []byte("}"))
	if !ok {
		return "", p
	}
	return string(word), after
}

func mac(name string, key, message []byte) []byte {
	h := hmac.New(digest(name), key)
	h.Write(message)
	return h.Sum(nil)
}

// accepting proves the key both ways on the side that was called, calling on the other.
func (c *Conn) accepting() error {
	if err := c.challenge(); err != nil {
		return err
	}
	return c.answer()
}

func (c *Conn) calling() error {
	if err := c.answer(); err != nil {
		return err
	}
	return c.challenge()
}

// challenge lets the peer prove that it has the key.
func (c *Conn) challenge() error {
	message := append([]byte("{"+ourDigest+"}"), make([]byte, nonceSize)...)
	if _, err := rand.Read(message[len(message)-nonceSize:]); err != nil {
		return fmt.Errorf("making a challenge: %w", err)
	}
	if err := c.SendBytes(append([]byte(challengeMark), message...)); err != nil {
		return err
	}
	response, err := c.proof()
	if err != nil {
		return err
	}
	if err := c.verify(message, response); err != nil {
		_ = c.SendBytes([]byte(failureMark)) // the peer is told if it still listens
		return err
	}
	return c.SendBytes([]byte(welcomeMark))
}

// verify checks an answer in constant time. The name in front of it may be any that is
// allowed: the answer covers the challenge with the name that was asked for.
func (c *Conn) verify(message, response []byte) error {
	name, given := "md5", response
	if len(response) != md5.Size { // a bare digest may begin as a name does
		name, given = named(response)
	}
	if digest(name) == nil {
		return fmt.Errorf("%w: the other side does not prove a key", ErrAuth)
	}
	if name == "md5" && !c.opts.AllowMD5 {
		return ErrMD5
	}
	if !hmac.Equal(mac(name, c.opts.Key, message), given) {
		return fmt.Errorf("%w: the other side has another key", ErrAuth)
	}
	return nil
}

// answer proves to the peer that the key is here.
func (c *Conn) answer() error {
	p, err := c.proof()
	if err != nil {
		return err
	}
	message, ok := bytes.CutPrefix(p, []byte(challengeMark))
	if !ok || len(message) < oldNonceSize {
		return fmt.Errorf("%w: the other side asks for no proof of the key", ErrAuth)
	}
	response, err := c.response(message)
	if err != nil {
		return err
	}
	if err := c.SendBytes(response); err != nil {
		return err
	}
	verdict, err := c.proof()
	if err != nil {
		return err
	}
	if !bytes.Equal(verdict, []byte(welcomeMark)) {
		return fmt.Errorf("%w: the other side has another key, or wants another digest", ErrAuth)
	}
	return nil
}

// response is what answers a challenge, in the manner in which it is made.
func (c *Conn) response(message []byte) ([]byte, error) {
	name, _ := named(message)
	old := len(message) == oldNonceSize
	if old {
		name = "md5"
	}
	if digest(name) == nil {
		return nil, fmt.Errorf("%w: the challenge is of no known kind", ErrAuth)
	}
	if name == "md5" && !c.opts.AllowMD5 {
		return nil, ErrMD5
	}
	proof := mac(name, c.opts.Key, message)
	if old {
		return proof, nil
	}
	return append([]byte("{"+name+"}"), proof...), nil
}

// proof receives one of the messages of the handshake.
func (c *Conn) proof() ([]byte, error) {
	c.receiving.Lock()
	defer c.receiving.Unlock()
	m, err := c.next()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrAuth, err)
	}
	if m.Size > maxProof {
		return nil, fmt.Errorf("%w: a proof of %d bytes", ErrAuth, m.Size)
	}
	p, err := m.bytes(nil, maxProof)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrAuth, err)
	}
	return p, nil
}
