package parts

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cantil-py/cantil/profile/pstats"
	"github.com/cantil-py/cantil/value/marshal"
)

// labels of the made-up thread below, by index.
const (
	lMain = iota
	lWork
	lSum
	lFork     // the stand-in
	lRealFork // the built-in behind it
	lSave     // the bootstrap's
	lWrite    // a built-in that both call
	lRunner
)

func dict(pairs ...any) *marshal.Dict {
	d := &marshal.Dict{}
	for i := 0; i < len(pairs); i += 2 {
		d.Pairs = append(d.Pairs, marshal.Pair{Key: pairs[i], Value: pairs[i+1]})
	}
	return d
}

func labelOf(file string, line int64, name string, k kind) marshal.Tuple {
	return marshal.Tuple{file, line, name, int64(k)}
}

func row(label, calls, recursive int64, total, own float64, callees ...any) marshal.Tuple {
	flat := marshal.Tuple{}
	for i := 0; i < len(callees); i += 5 {
		flat = append(flat, int64(callees[i].(int)), int64(callees[i+1].(int)), int64(callees[i+2].(int)), callees[i+3], callees[i+4])
	}
	return marshal.Tuple{label, calls, recursive, total, own, flat}
}

// aThread is a thread in which main called work twice and fork once; below the fork's
// stand-in the bootstrap saved, and work wrote once.
func aThread(serial int64, open ...marshal.Value) *marshal.Dict {
	return dict("serial", serial, "name", "T", "main", serial == 1, "open", &marshal.List{Items: open},
		"labels", &marshal.List{Items: []marshal.Value{
			labelOf("/p/x.py", 1, "main", program), labelOf("/p/x.py", 9, "work", program),
			labelOf("~", 0, "<built-in method builtins.sum>", program),
			labelOf("~", 0, "<built-in method posix.fork>", standIn), labelOf("~", 0, "<built-in method posix.fork>", program),
			labelOf("/boot/save.py", 3, "save", ours), labelOf("~", 0, "<built-in method posix.write>", program),
			labelOf("/boot/main.py", 5, "start", runner),
		}},
		"rows", &marshal.List{Items: []marshal.Value{
			row(lRunner, 1, 0, 10.5, 0.5, lMain, 1, 0, 10.0, 1.0),
			row(lMain, 1, 0, 10, 1, lWork, 2, 0, 6.0, 4.0, lFork, 1, 0, 3.0, 0.5),
			row(lWork, 2, 0, 6, 4, lSum, 2, 0, 1.0, 1.0, lWrite, 1, 0, 1.0, 1.0),
			row(lSum, 2, 0, 1, 1),
			row(lFork, 1, 0, 3, 0.5, lRealFork, 1, 0, 1.5, 1.5, lSave, 1, 0, 1.0, 0.5),
			row(lRealFork, 1, 0, 1.5, 1.5),
			row(lSave, 1, 0, 1, 0.5, lWrite, 1, 0, 0.5, 0.5),
			row(lWrite, 2, 0, 1.5, 1.5),
		}})
}

func encode(t testing.TB, v marshal.Value) []byte {
	t.Helper()
	data, err := marshal.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func live(how string, threads ...marshal.Value) *marshal.Dict {
	texts := &marshal.List{Items: []marshal.Value{"x.py", "-a"}}
	return dict("format", int64(1), "pid", int64(7), "ppid", int64(6), "role", "main", "argv", texts, "python", "3.12.1",
		"executable", "/py", "started", 100.25, "saved", 101.5, "how", how, "snapshots", int64(3), "snapshot_seconds", 0.5,
		"warnings", &marshal.List{}, "threads", &marshal.List{Items: threads})
}

// figuresOf tells a profile in a form that is easy to compare: function, then caller.
func figuresOf(s *pstats.Stats) map[string]pstats.Counts {
	m := map[string]pstats.Counts{}
	for _, r := range s.Rows {
		if r.Listed {
			m[r.Func.Name] = r.Counts
		}
		for _, e := range r.Callers {
			m[r.Func.Name+" <- "+s.Rows[e.Caller].Func.Name] = e.Counts
		}
	}
	return m
}

// TestWithoutBootstrap takes our own calls out, and nothing else.
func TestWithoutBootstrap(t *testing.T) {
	thread, err := decodeThread(encode(t, aThread(1)))
	if err != nil {
		t.Fatal(err)
	}
	const fork, sum, write = "<built-in method posix.fork>", "<built-in method builtins.sum>", "<built-in method posix.write>"
	want := map[string]pstats.Counts{
		"main":             {Calls: 1, Primitive: 1, Own: 1, Cumulative: 10},
		"work":             {Calls: 2, Primitive: 2, Own: 4, Cumulative: 6},
		"work <- main":     {Calls: 2, Primitive: 2, Own: 4, Cumulative: 6},
		sum:                {Calls: 2, Primitive: 2, Own: 1, Cumulative: 1},
		sum + " <- work":   {Calls: 2, Primitive: 2, Own: 1, Cumulative: 1},
		fork:               {Calls: 1, Primitive: 1, Own: 3, Cumulative: 3},
		fork + " <- main":  {Calls: 1, Primitive: 1, Own: 0.5, Cumulative: 3},
		write:              {Calls: 1, Primitive: 1, Own: 1, Cumulative: 1},
		write + " <- work": {Calls: 1, Primitive: 1, Own: 1, Cumulative: 1},
	}
	if diff := cmp.Diff(want, figuresOf(thread.Stats(nil))); diff != "" {
		t.Errorf("figures (-want +got):\n%s", diff)
	}
}

// TestOpenCalls counts calls that had not returned, a recursion's time once.
func TestOpenCalls(t *testing.T) {
	open := func(line int64, name string, seconds, callees float64) marshal.Value {
		return marshal.Tuple{"/p/x.py", line, name, seconds, callees}
	}
	thread, err := decodeThread(encode(t, aThread(1,
		open(20, "outer", 8, 2), open(30, "inner", 5, 1), open(20, "outer", 3, 0))))
	if err != nil {
		t.Fatal(err)
	}
	got := figuresOf(thread.Stats(strings.ToUpper))
	for name, want := range map[string]pstats.Counts{
		"outer":          {Calls: 2, Primitive: 1, Own: 1 + 3, Cumulative: 8},
		"inner":          {Calls: 1, Primitive: 1, Own: 1, Cumulative: 5},
		"inner <- outer": {Calls: 1, Primitive: 1, Own: 1, Cumulative: 5},
		"outer <- inner": {Calls: 1, Own: 3},
	} {
		if got[name] != want {
			t.Errorf("%s: %+v, want %+v", name, got[name], want)
		}
	}
}

// TestRead reads a folder of two processes, one of them without a snapshot yet, with a
// thread that is in both files, a record cut off, and files that are something else.
func TestRead(t *testing.T) {
	dir := t.TempDir()
	put := func(name string, data []byte) {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	record := func(d *marshal.Dict) []byte {
		data := encode(t, d)
		return append(binary.LittleEndian.AppendUint64(nil, uint64(len(data))), data...)
	}
	put("7-a.live", encode(t, live("snapshot", aThread(1), aThread(2))))
	put("7-a.threads", append(record(aThread(2)), record(aThread(3))[:40]...))
	put("8-b.threads", record(aThread(1)))
	put("7-a-1.prof", nil)
	put("7-a.tmp", []byte("half"))
	processes, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(processes) != 2 || len(processes[0].Threads) != 2 || len(processes[1].Threads) != 1 {
		t.Fatalf("read %+v", processes)
	}
	p := processes[0]
	if p.PID != 7 || p.Parent != 6 || p.Role != "main" || !p.Cut() || p.Python != "3.12.1" || p.Snapshots != 3 ||
		p.SnapshotCost.Milliseconds() != 500 || p.Started.UnixMilli() != 100250 || p.Argv[1] != "-a" {
		t.Errorf("process: %+v", p)
	}
}

// TestDamage names the file and what is wrong with it, and still reads the others.
func TestDamage(t *testing.T) {
	good := encode(t, live("exit", aThread(1)))
	other := live("exit")
	other.Pairs[0].Value = int64(2)
	for name, data := range map[string][]byte{
		"truncated": good[:len(good)/2], "empty": {}, "other format": encode(t, other),
		"a list": encode(t, &marshal.List{}), "no keys": encode(t, dict()),
		"label out of range": encode(t, live("exit", dict("serial", int64(1), "name", "", "main", true, "labels", &marshal.List{},
			"open", &marshal.List{}, "rows", &marshal.List{Items: []marshal.Value{row(0, 1, 0, 1, 1)}}))),
	} {
		dir := t.TempDir()
		for file, content := range map[string][]byte{"1-a.live": data, "2-b.live": good} {
			if err := os.WriteFile(filepath.Join(dir, file), content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		processes, err := Read(dir)
		if err == nil || !strings.Contains(err.Error(), "1-a.live") {
			t.Errorf("%s: error %v", name, err)
		}
		found := false
		for _, p := range processes {
			found = found || p.File == "2-b" && len(p.Threads) == 1
		}
		if !found {
			t.Errorf("%s: the other process is lost: %+v", name, processes)
		}
	}
}

// FuzzThread reads any bytes as a thread and makes a profile of what it got.
func FuzzThread(f *testing.F) {
	f.Add(encode(f, aThread(1, marshal.Tuple{"/p/x.py", int64(1), "f", 1.5, 0.5})))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		thread, err := decodeThread(data)
		if err != nil {
			return
		}
		for _, r := range thread.Stats(nil).Rows {
			for _, e := range r.Callers {
				if int(e.Caller) < 0 {
					t.Fatalf("caller %d", e.Caller)
				}
			}
		}
	})
}
