package wire

import (
	"bytes"
	"encoding/binary"
	"errors"
	"testing"
)

// TestBareMD5LikeAName: of the digests of CPython before 3.12 one in some 4,500 begins like
// the name of a digest.
func TestBareMD5LikeAName(t *testing.T) {
	key := []byte("secret")
	c, _ := talk(nil, 0, Options{Key: key, AllowMD5: true})
	strict, _ := talk(nil, 0, Options{Key: key})
	found := 0
	for i := range uint32(100_000) {
		message := binary.BigEndian.AppendUint32([]byte("{sha256}"), i)
		proof := mac("md5", key, message)
		if proof[0] != '{' || !bytes.Contains(proof, []byte("}")) {
			continue
		}
		found++
		if err := c.verify(message, proof); err != nil {
			t.Errorf("%q: %v", proof, err)
		}
		if err := strict.verify(message, proof); !errors.Is(err, ErrMD5) {
			t.Errorf("%q, where it is not allowed: %v", proof, err)
		}
	}
	if found == 0 {
		t.Error("there is no such digest")
	}
}
