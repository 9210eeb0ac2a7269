package wire_test

import (
	"bufio"
	"bytes"
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/cantil-py/cantil/internal/testpy"
	"github.com/cantil-py/cantil/value"
	"github.com/cantil-py/cantil/value/wire"
)

// echoServer prints where it listens, then sends back all that comes, values and bytes in turn.
const echoServer = `
import sys
from multiprocessing.connection import Listener
kind, key = sys.argv[1], sys.argv[2].encode() or None
address = ('127.0.0.1', 0) if kind == 'tcp' else kind
with Listener(address, authkey=key) as l:
    where = l.address
    print(where if kind != 'tcp' else '%s:%d' % where, flush=True)
    with l.accept() as c:
        while True:
            try:
                c.send(c.recv())
                c.send_bytes(c.recv_bytes())
            except EOFError:
                break
`

// echoClient does the same on the other side.
const echoClient = `
import sys
from multiprocessing.connection import Client
kind, key, where = sys.argv[1], sys.argv[2].encode() or None, sys.argv[3]
if kind == 'tcp':
    host, port = where.rsplit(':', 1)
    where = (host, int(port))
with Client(where, authkey=key) as c:
    while True:
        try:
            c.send(c.recv())
            c.send_bytes(c.recv_bytes())
        except EOFError:
            break
`

// start runs a Python program and returns its first line. It must end well when the test ends.
func start(t *testing.T, py testpy.Python, wait bool, code string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	cmd := exec.CommandContext(ctx, py.Path, append([]string{"-c", code}, args...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	line := ""
	if wait {
		line, _ = bufio.NewReader(out).ReadString('\n')
	}
	t.Cleanup(func() {
		defer cancel()
		if err := cmd.Wait(); err != nil && !t.Failed() {
			t.Errorf("Python %s: %v\n%s", py.Version, err, stderr.String())
		} else if err != nil {
			t.Logf("Python %s: %v\n%s", py.Version, err, stderr.String())
		}
	})
	return strings.TrimSpace(line)
}

func pair(t *testing.T, k, v value.Value) *value.Dict {
	t.Helper()
	d, err := value.NewDict(value.Pair{Key: k, Value: v})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// exchange sends values and bytes of many sizes and expects them back.
func exchange(t *testing.T, c *wire.Conn) {
	t.Helper()
	values := []value.Value{
		value.None, value.Int(-1), value.Str("h\u00e9llo"), value.NewTuple(value.Float(1.5), value.Bytes("\x00\xff")),
		value.NewList(pair(t, value.Str("k"), value.NewList())), value.Str(strings.Repeat("x", 40_000)),
		value.NewList(value.Bytes(strings.Repeat("y", 3<<20)), value.Int(7)),
	}
	sizes := []int{0, 1, 16 << 10, 16<<10 + 1, 70_000, 5 << 20, 0}
	for i, v := range values {
		if err := c.Send(v); err != nil {
			t.Fatal(err)
		}
		back, err := c.Recv()
		if err != nil {
			t.Fatal(err)
		}
		if got, want := value.Repr(back), value.Repr(v); got != want {
			t.Errorf("sent %.200s, %.200s came back", want, got)
		}
		sent := bytes.Repeat([]byte{byte(i), 0x80}, (sizes[i]+1)/2)[:sizes[i]]
		if err := c.SendBytes(sent); err != nil {
			t.Fatal(err)
		}
		got, err := c.RecvBytes(nil)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, sent) {
			t.Errorf("%d bytes sent, %d others came back", len(sent), len(got))
		}
	}
}

func options(key string, md5 bool) wire.Options {
	return wire.Options{Key: []byte(key), AllowMD5: md5, Handshake: 30 * time.Second}
}

// oldest and newest are enough when time is short.
func ends(t *testing.T) []testpy.Python {
	all := testpy.All(t)
	if os.Getenv("CANTIL_SLOW") == "1" || len(all) < 3 {
		return all
	}
	t.Log("the versions between are left out here; CANTIL_SLOW=1 tests all")
	return []testpy.Python{all[0], all[len(all)-1]}
}

// TestPythonListens and TestPythonCalls are the proof that it is the same protocol.
func TestPythonListens(t *testing.T) {
	for _, py := range ends(t) {
		for _, kind := range []string{"tcp", t.TempDir() + "/s"} {
			for _, key := range []string{"", "secret"} {
				t.Run(py.Version+" "+kind[:1]+" "+key, func(t *testing.T) {
					where := start(t, py, true, echoServer, kind, key)
					if kind != "tcp" {
						where = "unix:" + where
					}
					c, err := wire.Dial(context.Background(), where, options(key, py.Minor < 12))
					if err != nil {
						t.Fatal(err)
					}
					defer c.Close()
					exchange(t, c)
				})
			}
		}
	}
}

func TestPythonCalls(t *testing.T) {
	for _, py := range ends(t) {
		for _, kind := range []string{"tcp", t.TempDir() + "/s"} {
			for _, key := range []string{"", "secret"} {
				t.Run(py.Version+" "+kind[:1]+" "+key, func(t *testing.T) {
					where := "127.0.0.1:0"
					if kind != "tcp" {
						where = "unix:" + kind
					}
					l, err := wire.Listen(where, options(key, py.Minor < 12))
					if err != nil {
						t.Fatal(err)
					}
					defer l.Close()
					start(t, py, false, echoClient, kind, key, l.Addr().String())
					c, err := l.Accept()
					if err != nil {
						t.Fatal(err)
					}
					defer c.Close()
					exchange(t, c)
				})
			}
		}
	}
}

// TestMD5MustBeAllowed: a Python before 3.12 is turned away, and told so.
func TestMD5MustBeAllowed(t *testing.T) {
	py := testpy.All(t)[0]
	if py.Minor >= 12 {
		t.Skipf("NOT TESTED: it needs a CPython before 3.12, and the oldest here is %s", py.Version)
	}
	refused := make(chan error, 1)
	l, err := wire.Listen("127.0.0.1:0", wire.Options{Key: []byte("k"),
		Refused: func(_ netAddr, err error) { refused <- err }})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	code := `
import sys
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client
try:
    Client((sys.argv[1], int(sys.argv[2])), authkey=b'k')
except AuthenticationError as e:
    print(e)
`
	host, port, _ := strings.Cut(l.Addr().String(), ":")
	if out := testpy.Run(t, py, code, host, port); !strings.Contains(out, "digest sent was rejected") {
		t.Errorf("Python heard %q", out)
	}
	if err := <-refused; !isMD5(err) {
		t.Errorf("refused for %v", err)
	}
}
