package wire

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"net"
	"runtime/metrics"
	"testing"
	"time"

	"github.com/cantil-py/cantil/value"
)

// scripted is a peer that says what it is told to, a few bytes at a time, and takes anything.
type scripted struct {
	net.Conn // nil: what is not below is not called
	says     []byte
	most     int // bytes at a time
	heard    bytes.Buffer
}

func (s *scripted) Read(p []byte) (int, error) {
	if len(s.says) == 0 {
		return 0, io.EOF
	}
	n := copy(p[:min(len(p), s.most)], s.says)
	s.says = s.says[n:]
	return n, nil
}

func (s *scripted) Write(p []byte) (int, error)      { return s.heard.Write(p) }
func (s *scripted) SetReadDeadline(time.Time) error  { return nil }
func (s *scripted) SetWriteDeadline(time.Time) error { return nil }

func talk(says []byte, most uint8, opts Options) (*Conn, *scripted) {
	peer := &scripted{says: says, most: int(most) + 1}
	return newConn(peer, opts.withDefaults()), peer
}

// messages takes a stream apart as the protocol has it, the plain way; whole says whether
// it ends where a message does.
func messages(stream []byte) (list [][]byte, whole bool) {
	for len(stream) > 0 {
		if len(stream) < 4 {
			return list, false
		}
		size, at := uint64(binary.BigEndian.Uint32(stream)), 4
		if size == math.MaxUint32 && len(stream) >= 12 {
			size, at = binary.BigEndian.Uint64(stream[4:]), 12
		} else if size > math.MaxInt32 {
			return list, false
		}
		if size > uint64(len(stream)-at) {
			return list, false
		}
		list = append(list, stream[at:at+int(size)])
		stream = stream[at+int(size):]
	}
	return list, true
}

// allocated is how many bytes this program ever took from its heap.
func allocated() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// FuzzFraming: whatever comes, in whatever pieces, the messages are those of the plain
// reading, and what breaks off is an error that took little memory.
func FuzzFraming(f *testing.F) {
	for _, s := range []string{"", "\x00\x00\x00\x00", "\x00\x00\x00\x05hello\x00\x00\x00\x01x", "\xff\xff\xff\xff\x00\x00\x00\x00\x00\x00\x00\x02hi",
		"\xff\xff\xff\xff\x7f\xff\xff\xff\xff\xff\xff\xffhi", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", "\x80\x00\x00\x00", "\x7f\xff\xff\xffabc", "\x00\x00"} {
		f.Add([]byte(s), uint8(0))
		f.Add([]byte(s), uint8(200))
	}
	f.Fuzz(func(t *testing.T, stream []byte, most uint8) {
		want, whole := messages(stream)
		before := allocated()
		c, _ := talk(stream, most, Options{})
		var err error
		for i := 0; ; i++ {
			var p []byte
			if p, err = c.RecvBytes(nil); err != nil {
				if i != len(want) {
					t.Fatalf("%d messages, want %d: %v", i, len(want), err)
				}
				break
			}
			if i >= len(want) || !bytes.Equal(p, want[i]) {
				t.Fatalf("message %d is %.100q", i, p)
			}
		}
		grown := allocated() - before
		if whole != (err == io.EOF) {
			t.Errorf("the end is %v, whole %v", err, whole)
		}
		const fixed = 4 << 20 // the buffer, and the first piece of a message
		if grown > fixed+8*uint64(len(stream)) {
			t.Errorf("%d bytes were allocated for %d", grown, len(stream))
		}
	})
}

// FuzzValues: a message that is no value, or too large or deep a one, leaves the next whole.
func FuzzValues(f *testing.F) {
	for _, s := range []string{"", "N.", "\x80\x04]\x94h\x00a.", "\x80\x04N\x85\x85\x85\x85\x85.", "hello", "N.N."} {
		f.Add([]byte(s), uint8(3))
	}
	f.Fuzz(func(t *testing.T, body []byte, most uint8) {
		stream := append(appendLength(nil, int64(len(body))), body...)
		stream = append(stream, "\x00\x00\x00\x02N."...)
		c, _ := talk(stream, most, Options{Max: 1000, Depth: 5})
		v, err := c.Recv()
		if err == nil && (len(body) > 1000 || CheckDepth(v, 5) != nil) {
			t.Errorf("%d bytes came through: %.100v", len(body), v)
		}
		if errors.Is(err, io.EOF) {
			t.Errorf("a message looks like the end: %v", err)
		}
		if v, err := c.Recv(); err != nil || v != value.Value(value.None) {
			t.Errorf("the next is %v, %v", v, err)
		}
		if _, err := c.Recv(); err != io.EOF {
			t.Errorf("the end is %v", err)
		}
	})
}

// proofs are what the handshake is made of, for the fuzzer to mix.
func proofs(f *testing.F) {
	for _, s := range []string{
		"#CHALLENGE#{sha256}0123456789012345678901234567890123456789", "#CHALLENGE#{md5}0123456789012345678901234567890123456789",
		"#CHALLENGE#01234567890123456789", "{sha256}01234567890123456789012345678901", "{md5}0123456789012345", "0123456789012345",
		"#WELCOME#", "#FAILURE#", "{", "{}", "#CHALLENGE#{sha3_384}0123456789012345678901234567890123456789",
	} {
		body := append(appendLength(nil, int64(len(s))), s...)
		f.Add(body, uint8(0))
		f.Add(append(append(bytes.Clone(body), body...), "\x00\x00\x00\x09#WELCOME#"...), uint8(255))
		f.Add(append(append(bytes.Clone(body), "\x00\x00\x00\x09#WELCOME#"...), body...), uint8(255))
	}
	f.Add([]byte("\xff\xff\xff\xff\x00\x00\x00\x01\x00\x00\x00\x00"), uint8(9))
	f.Add([]byte("\x7f\xff\xff\xff"), uint8(9))
}

// FuzzAccepting and FuzzCalling: nobody gets through without the key, whatever is said,
// and nobody hears the key's digest of anything but a challenge.
func FuzzAccepting(f *testing.F) {
	proofs(f)
	f.Fuzz(func(t *testing.T, says []byte, most uint8) {
		for _, md5 := range []bool{false, true} {
			c, peer := talk(says, most, Options{Key: []byte("secret"), AllowMD5: md5})
			if err := c.accepting(); err == nil {
				t.Fatal("a peer without the key got through")
			}
			heard, _ := messages(peer.heard.Bytes())
			if len(heard) > 2 || !bytes.HasPrefix(heard[0], []byte(challengeMark)) || len(heard) == 2 && string(heard[1]) != failureMark {
				t.Fatalf("it was told %.200q", heard)
			}
		}
	})
}

// FuzzCalling is FuzzAccepting for the other side.
func FuzzCalling(f *testing.F) {
	proofs(f)
	f.Fuzz(func(t *testing.T, says []byte, most uint8) {
		for _, md5 := range []bool{false, true} {
			c, peer := talk(says, most, Options{Key: []byte("secret"), AllowMD5: md5})
			if err := c.calling(); err == nil {
				t.Fatal("a peer without the key got through")
			}
			heard, _ := messages(peer.heard.Bytes())
			if len(heard) > 3 {
				t.Fatalf("it was told %.200q", heard)
			}
			for i, p := range heard {
				if len(p) > maxProof || !md5 && i == 0 && !bytes.HasPrefix(p, []byte("{sha")) {
					t.Fatalf("it was told %.200q", p)
				}
			}
		}
	})
}
