package scan

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cantil-py/cantil/internal/testpy"
)

func verdictOf(t *testing.T, data string, allow ...string) *Report {
	t.Helper()
	r, err := Pickles(strings.NewReader(data), Options{Allow: allow})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// short is a str of protocol 4, global a name, and call REDUCE of it with args.
func short(s string) string                 { return "\x8c" + string(rune(len(s))) + s }
func global(module, name string) string     { return short(module) + short(name) + "\x93" }
func call(module, name, args string) string { return global(module, name) + args + "R" }

func framed(body string) string {
	return "\x95" + string(binary.LittleEndian.AppendUint64(nil, uint64(len(body)))) + body
}

// Every class of bypass that was reported for other scanners.
func TestBypasses(t *testing.T) {
	ls := short("ls") + "\x85"
	for name, c := range map[string]struct {
		data string
		want Verdict
	}{
		"plain system":                   {"cos\nsystem\n(S'ls'\ntR.", Dangerous},
		"posix":                          {"\x80\x04" + call("posix", "system", ls) + ".", Dangerous},
		"Python 2 name":                  {"c__builtin__\neval\n(S'1'\ntR.", Dangerous},
		"cProfile.run":                   {"\x80\x04" + call("cProfile", "run", ls) + ".", Dangerous},
		"timeit":                         {"\x80\x04" + call("timeit", "timeit", ls) + ".", Dangerous},
		"runpy":                          {"\x80\x04" + call("runpy", "run_path", ls) + ".", Dangerous},
		"pydoc.locate":                   {"\x80\x04" + call("pydoc", "locate", ls) + ".", Dangerous},
		"methodcaller":                   {"\x80\x04" + call("operator", "methodcaller", ls) + ".", Dangerous},
		"importlib":                      {"\x80\x04" + call("importlib", "import_module", ls) + ".", Dangerous},
		"marshal":                        {"\x80\x04" + call("marshal", "loads", ls) + ".", Dangerous},
		"FunctionType":                   {"\x80\x04" + call("types", "FunctionType", ls) + ".", Dangerous},
		"ctypes":                         {"\x80\x04" + call("ctypes", "CDLL", ls) + ".", Dangerous},
		"spawnv_passfds":                 {"\x80\x04" + call("multiprocessing.util", "spawnv_passfds", ls) + ".", Dangerous},
		"fork_exec":                      {"\x80\x04" + call("_posixsubprocess", "fork_exec", ls) + ".", Dangerous},
		"getattr_static":                 {"\x80\x04" + call("inspect", "getattr_static", ls) + ".", Dangerous},
		"codeop":                         {"\x80\x04" + call("codeop", "compile_command", ls) + ".", Dangerous},
		"collect_env":                    {"\x80\x04" + call("torch.utils.collect_env", "run", ls) + ".", Dangerous},
		"f2py":                           {"\x80\x04" + call("numpy.f2py.crackfortran", "getlincoef", ls) + ".", Dangerous},
		"uuid helper":                    {"\x80\x04" + call("uuid", "_get_command_stdout", ls) + ".", Dangerous},
		"_aix_support":                   {"\x80\x04" + call("_aix_support", "_read_cmd_output", ls) + ".", Dangerous},
		"partial":                        {"\x80\x04" + call("functools", "partial", ls) + ".", Dangerous},
		"atexit":                         {"\x80\x04" + call("atexit", "register", ls) + ".", Dangerous},
		"Thread":                         {"\x80\x04" + call("threading", "Thread", ls) + ".", Dangerous},
		"a module nobody has heard of":   {"\x80\x04" + call("evil", "run", ls) + ".", Unknown},
		"memo: PUT of a value, not text": {"\x80\x04" + short("os") + "\x94" + short("datetime") + "q\x00" + "0" + "0" + "h\x00" + short("system") + "\x93" + ls + "R.", Unknown},
		"memo: name by GET":              {"\x80\x04" + short("os") + "q\x05" + "0" + short("system") + "\x94" + "0" + "h\x05" + "h\x01" + "\x93" + ls + "R.", Dangerous},
		"memo: overwritten":              {"\x80\x04" + short("math") + "q\x05" + "0" + short("os") + "q\x05" + "0" + "h\x05" + short("system") + "\x93" + ls + "R.", Dangerous},
		"memo: put of a tuple's item":    {"\x80\x04" + short("os") + short("system") + "\x86" + "q\x00" + "0" + short("os") + short("system") + "\x93" + ls + "R.", Dangerous},
		"name by DUP":                    {"\x80\x04" + short("os") + "2" + "0" + short("system") + "\x93" + ls + "R.", Dangerous},
		"dotted name":                    {"\x80\x04" + call("numpy", "__builtins__.eval", ls) + ".", Dangerous},
		"dotted through a known class":   {"\x80\x04" + call("collections", "OrderedDict.fromkeys.__self__", ls) + ".", Dangerous},
		"dotted, no underscore":          {"\x80\x04" + call("decimal", "Decimal.from_float", ls) + ".", Dangerous},
		"private name of a module":       {"\x80\x04" + global("numpy", "__builtins__") + ".", Dangerous},
		"sys.modules":                    {"\x80\x04" + global("sys", "modules") + ".", Dangerous},
		"BUILD on a function":            {"\x80\x04" + global("_codecs", "encode") + "}" + short("x") + "K\x01sb.", Dangerous},
		"BUILD with slots on a class":    {"\x80\x04" + global("collections", "OrderedDict") + "N}" + short("__reduce__") + "K\x01s\x86b.", Dangerous},
		"BUILD of __class__":             {"\x80\x04" + call("thing", "T", ")") + "}" + short("__class__") + "K\x01sb.", Dangerous},
		"BUILD on a list":                {"\x80\x04]}b.", Dangerous},
		"payload, then an error":         {"\x80\x04" + call("os", "system", ls) + "0\xff.", Malformed},
		"payload, then nothing":          {"\x80\x04" + call("os", "system", ls), Malformed},
		"second pickle":                  {"N." + "cos\nsystem\n(S'ls'\ntR.", Dangerous},
		"data behind":                    {"N.\xff\xff", Malformed},
		"OBJ and POP":                    {"\x80\x04(" + global("os", "system") + short("ls") + "o0N.", Dangerous},
		"INST and POP":                   {"(S'ls'\nios\nsystem\n0N.", Dangerous},
		"REDUCE and POP":                 {"\x80\x04" + call("os", "system", ls) + "0N.", Dangerous},
		"POP_MARK":                       {"\x80\x04(" + call("os", "system", ls) + "1N.", Dangerous},
		"hidden in a frame's argument":   {"\x80\x04" + "\x95\x03\x00\x00\x00\x00\x00\x00\x00" + "C\x10N" + strings.Repeat("N", 20) + ".", Malformed},
		"an opcode crosses the frame":    {"\x80\x04" + "\x95\x02\x00\x00\x00\x00\x00\x00\x00" + "M\x01\x02.", Malformed},
		"a frame in a frame":             {"\x80\x04" + framed("N0"+framed("N.")), Malformed},
		"STOP before the frame's end":    {"\x80\x04" + framed("N.cos\nsystem\n"), Malformed},
		"EXT1":                           {"\x80\x02\x82\x01)R.", Dangerous},
		"EXT4 alone":                     {"\x80\x02\x84\x01\x02\x03\x00.", Unknown},
		"persistent id":                  {"\x80\x02" + "X\x01\x00\x00\x00xQ.", Unknown},
		"PERSID":                         {"Px\n.", Unknown},
		"PROTO twice":                    {"\x80\x04\x80\x02N.", Malformed},
		"PROTO late":                     {"N0\x80\x04N.", Malformed},
		"PROTO unknown":                  {"\x80\x09N.", Malformed},
		"laughs":                         {"\x80\x04" + laughs(40) + ".", Dangerous},
		"huge length":                    {"\x80\x04\x8e\xff\xff\xff\xff\xff\xff\xff\x7fx.", Malformed},
		"call of a call":                 {"\x80\x04" + call("thing", "f", ")") + ")R.", Dangerous},
		"known name, other arguments":    {"\x80\x04" + call("_codecs", "encode", short("x")+short("rot13")+"\x86") + ".", Dangerous},
		"known name by NEWOBJ":           {"\x80\x04" + global("_codecs", "encode") + ")\x81.", Dangerous},
		"known name by INST":             {"(S'x'\ni_codecs\nencode\n.", Dangerous},
		"torch hook":                     {"\x80\x04" + global("torch._utils", "_rebuild_tensor_v2") + "(" + global("os", "system") + "tR.", Dangerous},
		"reconstructor":                  {"\x80\x04" + call("copyreg", "_reconstructor", global("os", "_wrap_close")+global("builtins", "object")+"N\x87") + ".", Dangerous},
		"copyreg.constructor":            {"\x80\x04" + call("copyreg", "add_extension", ls) + ".", Dangerous},
		"forged array state":             {reconstruct + "(K\x01K\x01\x85" + dtypeO(0) + "\x89C\x08AAAAAAAAtb.", Dangerous},
		"forged array of objects":        {reconstruct + "(K\x01K\x01\x85" + dtypeO(63) + "\x89C\x08AAAAAAAAtb.", Dangerous},
		"state of a UUID":                {"\x80\x04" + global("uuid", "UUID") + ")\x81}" + short("is_safe") + "K\x01sb.", Unknown},
		"getattr to a module's insides":  {"\x80\x02cbuiltins\ngetattr\ncnumpy\nndarray\nX\x0b\x00\x00\x00__globals__\x86R.", Dangerous},
		"getattr of a dangerous class":   {"\x80\x02cbuiltins\ngetattr\ncsubprocess\nPopen\nX\x04\x00\x00\x00wait\x86R.", Dangerous},
		"getattr through a known class":  {"\x80\x02cbuiltins\ngetattr\ncdecimal\nDecimal\nX\x0a\x00\x00\x00from_float\x86R.", Dangerous},
		"getattr, called":                {"\x80\x04" + global("builtins", "getattr") + call("thing", "T", ")") + short("run") + "\x86R)R.", Dangerous},
		"getattr of a value":             {"\x80\x04" + call("builtins", "getattr", "]"+short("append")+"\x86") + ".", Dangerous},
		"getattr of a private name":      {"\x80\x04" + global("builtins", "getattr") + call("thing", "T", ")") + short("__class__") + "\x86R.", Dangerous},
		"getattr with a default":         {"\x80\x04" + call("builtins", "getattr", global("thing", "T")+short("x")+"N\x87") + ".", Dangerous},
		"getattr as a class":             {"(S'x'\nibuiltins\ngetattr\n.", Dangerous},
		"__newobj__ of an array":         {"\x80\x02ccopyreg\n__newobj__\ncnumpy\nndarray\nM\xff\xff\x85\x86R.", Dangerous},
		"_reconstructor of a large list": {"\x80\x04" + call("copyreg", "_reconstructor", global("thing", "L")+global("builtins", "list")+call("builtins", "range", "K\x00J\xff\xff\xff\x7fK\x01\x87")+"\x87") + ".", Dangerous},
		"_reconstructor of an array":     {"\x80\x04" + call("copyreg", "_reconstructor", global("numpy", "ndarray")+global("numpy", "ndarray")+"M\xff\xff\x85\x87") + ".", Dangerous},
		"a dtype that is changed again": {"\x80\x04" + call("numpy", "dtype", short("V8")+"\x89\x88\x87") + plainState + "\x94" +
			"\x8c\x01x0(K\x03\x8c\x01|NNNK\x08K\x01K\x10tb.", Dangerous},
		"a dtype used before its state": {reconstruct + "(K\x01K\x01\x85" + call("numpy", "dtype", short("f8")+"\x89\x88\x87") + "\x89C\x08AAAAAAAAtb.", Dangerous},
		"empty":                         {"", Malformed},
		"GET of nothing":                {"h\x00.", Malformed},
	} {
		if r := verdictOf(t, c.data); r.Verdict != c.want {
			t.Errorf("%s: %s, want %s: %v", name, r.Verdict, c.want, r.Findings)
		}
	}
}

// reconstruct makes the empty array that BUILD fills; dtypeO is a dtype of objects.
var reconstruct = "\x80\x04" + call("numpy.core.multiarray", "_reconstruct", global("numpy", "ndarray")+"K\x00\x85C\x01b\x87")

// plainState is the state of eight raw bytes.
const plainState = "(K\x03\x8c\x01|NNNK\x08K\x01K\x00tb"

func dtypeO(flags byte) string {
	return call("numpy", "dtype", short("O8")+"\x89\x88\x87") + "(K\x03" + short("|") + "NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK" + string([]byte{flags}) + "tb"
}

// laughs is n lists, each holding the one before ten times.
func laughs(n int) string {
	var b strings.Builder
	b.WriteString("]\x94")
	for i := range n {
		b.WriteString("](" + strings.Repeat(fmt.Sprintf("h%c", byte(i)), 10) + "e\x94")
	}
	return strings.ReplaceAll(b.String(), "hÿ", "h\xff")
}

func TestCleanPickles(t *testing.T) {
	for data, want := range map[string]Verdict{
		"\x80\x04](K\x01\x88e.": Data,
		"N.N.I5\n.":             Data,
		"\x80\x04" + call("collections", "OrderedDict", ")") + ".": Known,
		"\x80\x04" + call("thing", "f", ")") + ".":                 Unknown,
		// A class within another, an enum's member in Python 3.11, and a method of an object.
		"\x80\x02cbuiltins\ngetattr\ncthing\nOuter\nX\x05\x00\x00\x00Inner\x86R)\x81.":                                Unknown,
		"\x80\x04" + call("builtins", "getattr", global("thing", "Colour")+short("RED")+"\x86") + ".":                 Unknown,
		"\x80\x04" + global("builtins", "getattr") + call("thing", "T", ")") + short("run") + "\x86R.":                Unknown,
		"\x80\x04" + global("types", "SimpleNamespace") + ".":                                                         Unknown,
		"\x80\x04" + call("copyreg", "_reconstructor", global("thing", "D")+global("builtins", "dict")+"}\x87") + ".": Unknown,
	} {
		if r := verdictOf(t, data); r.Verdict != want {
			t.Errorf("%q: %v %v", data, r.Verdict, r.Findings)
		}
	}
	r := verdictOf(t, "\x80\x04"+call("thing", "f", ")")+".", "thing.f")
	if r.Verdict != Known {
		t.Errorf("allowed: %v", r.Findings)
	}
}

func write(t *testing.T, name string, data []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func zipped(t *testing.T, name string, data string, change func(*zip.FileHeader)) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	h := &zip.FileHeader{Name: name, Method: zip.Deflate}
	if change != nil {
		change(h)
	}
	w, err := z.CreateHeader(h)
	if err == nil {
		_, err = w.Write([]byte(data))
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestContainers(t *testing.T) {
	bad := "cos\nsystem\n(S'ls'\ntR."
	good := "\x80\x04](K\x01\x88e."
	npy := func(descr, tail string) []byte {
		header := "{'descr': " + descr + ", 'fortran_order': False, 'shape': (1,), }\n"
		return []byte("\x93NUMPY\x01\x00" + string(rune(len(header))) + "\x00" + header + tail)
	}
	gz := func(data string) []byte {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		w.Write([]byte(data))
		w.Close()
		return b.Bytes()
	}
	wrongSum := bytes.Replace(zipped(t, "a.pkl", good, func(h *zip.FileHeader) { h.Method = zip.Store }), []byte(good), []byte("\x80\x04](K\x02\x88e."), 1)
	for name, c := range map[string]struct {
		data []byte
		want Verdict
	}{
		"model.txt":          {[]byte(bad), Dangerous},
		"a.npy":              {npy("'|O'", bad), Dangerous},
		"fields.npy":         {npy("[('a', '<f8'), ('b', '|O')]", bad), Dangerous},
		"floats.npy":         {npy("'<f8'", bad), Data},
		"good.npy":           {npy("'|O'", good), Data},
		"a.npz":              {zipped(t, "x.npy", string(npy("'|O'", bad)), nil), Dangerous},
		"model.pt":           {zipped(t, "model/data.pkl", bad, nil), Dangerous},
		"good.pt":            {zipped(t, "model/data.pkl", good, nil), Data},
		"noname.zip":         {zipped(t, "readme", bad, nil), Dangerous},
		"code.zip":           {zipped(t, "code/a.py", "class A:\n    pass\n", nil), Data},
		"tensor.zip":         {zipped(t, "model/data/0", "cccccccc\n\n\n", nil), Data},
		"inner.zip":          {zipped(t, "inner.npz", string(zipped(t, "a.pkl", bad, nil)), nil), Dangerous},
		"a.gz":               {gz(bad), Dangerous},
		"two.gz":             {gz(string(gz(bad))), Dangerous},
		"cut.gz":             {gz(bad)[:20], Malformed},
		"password.zip":       {zipped(t, "a.pkl", bad, func(h *zip.FileHeader) { h.Flags |= 1 }), Malformed},
		"sum.zip":            {wrongSum, Malformed},
		"behind a pickle":    {append([]byte(bad), zipped(t, "a.pkl", good, nil)...), Malformed},
		"a.xz":               {[]byte("\xfd7zXZ\x00......"), Malformed},
		"cut.zip":            {zipped(t, "a.pkl", bad, nil)[:40], Malformed},
		"looks like nothing": {[]byte("hello\n"), Malformed},
	} {
		r, err := File(write(t, "file", c.data), Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if r.Verdict != c.want {
			t.Errorf("%s: %s, want %s: %v", name, r.Verdict, c.want, r.Findings)
		}
	}
}

func TestTwoMembersOfOneName(t *testing.T) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for range 2 {
		w, _ := z.Create("a.pkl")
		w.Write([]byte("N."))
	}
	z.Close()
	if r, err := File(write(t, "file", b.Bytes()), Options{}); err != nil || r.Verdict != Malformed {
		t.Errorf("%v, %v", r, err)
	}
}

// What Python writes of the standard library's own values is clean, at each protocol.
func TestNoFalseAlarm(t *testing.T) {
	testpy.EachOfSome(t, func(t *testing.T, py testpy.Python) {
		file := filepath.Join(t.TempDir(), "stream")
		testpy.Run(t, py, `
import sys, pickle
sys.path.insert(0, sys.argv[1])
import values
with open(sys.argv[2], "wb") as f:
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        for name, v in values.plain():
            if name != "deep":
                pickle.dump(v, f, protocol)
`, filepath.Join("..", "pickle", "testdata"), file)
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		r, err := Pickles(bytes.NewReader(data), Options{})
		if err != nil || r.Verdict != Known || r.Pickles < 200 {
			t.Errorf("%d pickles: %s, %v: %v", r.Pickles, r.Verdict, err, r.Findings)
		}
	})
}

// Zip files of which some readers see other members than others.
func TestZipFilesWithTwoEnds(t *testing.T) {
	good, bad := "\x80\x04](K\x01\x88e.", "cos\nsystem\n(S'ls'\ntR."
	clean, evil := zipped(t, "a.pkl", good, nil), zipped(t, "a.pkl", bad, nil)
	end := len(clean) - endSize
	little := binary.LittleEndian
	offset, length := little.Uint32(clean[end+16:]), little.Uint32(clean[end+12:])
	// wide is clean with a wide record, as torch writes it, that says where the directory is.
	wide := func(offset, length uint64, narrow func(end []byte)) []byte {
		record := append([]byte("PK\x06\x06"), make([]byte, wideSize-4)...)
		little.PutUint64(record[4:], wideSize-12)
		little.PutUint64(record[24:], 1)
		little.PutUint64(record[32:], 1)
		little.PutUint64(record[40:], length)
		little.PutUint64(record[48:], offset)
		locator := append([]byte("PK\x06\x07"), make([]byte, locatorSize-4)...)
		little.PutUint64(locator[8:], uint64(end))
		little.PutUint32(locator[16:], 1)
		last := bytes.Clone(clean[end:])
		narrow(last)
		return bytes.Join([][]byte{clean[:end], record, locator, last}, nil)
	}
	comment := bytes.Clone(clean)
	little.PutUint16(comment[end+20:], endSize)
	fake := bytes.Clone(clean[end:])
	little.PutUint16(fake[20:], 999) // which Python does not mind
	comment = append(comment, fake...)
	for name, c := range map[string]struct {
		data []byte
		want Verdict
	}{
		"clean":                       {clean, Data},
		"two files":                   {append(bytes.Clone(evil), clean...), Malformed},
		"an end in the comment":       {comment, Malformed},
		"something behind":            {append(bytes.Clone(clean), "junk"...), Malformed},
		"wide fields":                 {wide(uint64(offset), uint64(length), func([]byte) {}), Data},
		"wide fields, as torch":       {wide(uint64(offset), uint64(length), func(end []byte) { little.PutUint32(end[16:], 1<<32-1) }), Data},
		"wide fields that say others": {wide(uint64(offset)-1, uint64(length)+1, func([]byte) {}), Malformed},
	} {
		r, err := File(write(t, "file", c.data), Options{})
		if err != nil || r.Verdict != c.want {
			t.Errorf("%s: %v, %v, want %s", name, r, err, c.want)
		}
	}
}
