package scan

import (
	"strings"

	"github.com/cantil-py/cantil/value"
	"github.com/cantil-py/cantil/value/pickle"
)

// judgeName is the verdict on importing g, and its reason.
func judgeName(g value.Global) (Verdict, string) {
	first, rest, dotted := strings.Cut(g.Name, ".")
	switch {
	case pickle.KnownName(g):
		return Known, "harmless as it is used"
	case isZoneInfo(g) || isTorch(g):
		return Known, "harmless as it is used"
	case isOrdinary(g.Module, first) && !hasPrivate(rest):
	case runsCode(g.Module, first):
		return Dangerous, "can run commands or code, or reach what does"
	case hasPrivate(g.Name) || hasPrivate(g.Module) && strings.Contains(g.Module, "__"):
		return Dangerous, "reaches into the interpreter by a private name"
	case dotted && pickle.KnownName(value.Global{Module: g.Module, Name: first}):
		return Dangerous, "walks through a known name to " + rest
	}
	return Unknown, "what it does is not known"
}

// hasPrivate says whether a part of a dotted name begins with two underscores.
func hasPrivate(name string) bool {
	for _, part := range strings.Split(name, ".") {
		if strings.HasPrefix(part, "__") && part != "__main__" && part != "__mp_main__" {
			return true
		}
	}
	return false
}

// isOrdinary knows what does nothing worse than any other class, though much else in its
// module does.
func isOrdinary(module, name string) bool {
	if strings.HasPrefix(name, "__pyx_unpickle_") {
		return true // what Cython makes its classes' instances with
	}
	switch module + "." + name {
	case "types.SimpleNamespace", "http.HTTPStatus", "http.HTTPMethod", "_operator.or_", "logging.getLogger",
		"io.BytesIO", "io.StringIO", "_io.BytesIO", "_io.StringIO", "numpy.ma.core._mareconstruct",
		"numpy.random._pickle.__bit_generator_ctor", "numpy.random._pickle.__generator_ctor", "numpy.random._pickle.__randomstate_ctor":
		return true
	}
	return false
}

func isZoneInfo(g value.Global) bool {
	return g.Module == "zoneinfo" && g.Name == "ZoneInfo._unpickle"
}

// runsCode knows modules all or some of whose functions run commands, code or other
// pickles, load libraries, or give access to anything by its name. What is missing here
// is unknown, which is not clean either.
func runsCode(module, name string) bool {
	top, _, _ := strings.Cut(module, ".")
	switch top {
	case "os", "posix", "nt", "posixpath", "ntpath", "subprocess", "_posixsubprocess", "pty", "commands", "popen2", "sys", "_winapi",
		"socket", "_socket", "socketserver", "ssl", "asyncio", "multiprocessing", "_multiprocessing", "concurrent", "threading", "_thread",
		"importlib", "_frozen_importlib", "imp", "_imp", "runpy", "pkgutil", "zipimport", "zipapp", "site", "sysconfig", "ensurepip", "venv", "pip", "setuptools", "distutils",
		"ctypes", "_ctypes", "cffi", "_cffi_backend", "code", "codeop", "dis", "marshal", "types", "inspect", "gc", "ast",
		"pickle", "_pickle", "cPickle", "shelve", "dill", "cloudpickle", "joblib", "pickletools",
		"timeit", "cProfile", "profile", "trace", "tracemalloc", "pdb", "bdb", "doctest", "unittest", "test", "pydoc", "idlelib", "lib2to3", "turtledemo", "pytest", "_pytest",
		"operator", "_operator", "functools", "_functools", "itertools", "atexit", "signal", "faulthandler", "weakref", "contextlib",
		"shutil", "tempfile", "fileinput", "io", "_io", "codecs", "mmap", "fcntl", "resource", "glob", "linecache",
		"webbrowser", "antigravity", "urllib", "urllib2", "http", "httplib", "ftplib", "smtplib", "telnetlib", "poplib", "imaplib", "nntplib", "xmlrpc", "requests", "aiohttp", "httpx", "paramiko",
		"logging", "platform", "_aix_support", "_osx_support", "_pyrepl", "cgitb", "rlcompleter", "readline", "smtpd", "sqlite3", "dbm", "tkinter", "cmd", "sched", "builtins_", "nturl2path", "mailcap", "pipes", "crypt", "spwd", "getpass", "curses":
		return true
	case "builtins", "__builtin__", "__builtins__":
		return riskyBuiltin(name)
	case "uuid":
		return strings.HasPrefix(name, "_")
	case "numpy":
		return strings.HasPrefix(module, "numpy.f2py") || strings.HasPrefix(module, "numpy.testing") || strings.HasPrefix(module, "numpy.distutils") ||
			strings.HasPrefix(module, "numpy.lib") || strings.HasPrefix(module, "numpy.ctypeslib") || name == "load" || name == "fromfile" || name == "save" || name == "memmap" || strings.HasPrefix(name, "_")
	case "torch":
		return strings.HasPrefix(module, "torch.utils") || strings.HasPrefix(module, "torch.hub") || strings.HasPrefix(module, "torch.jit") ||
			strings.HasPrefix(module, "torch.serialization") || strings.HasPrefix(module, "torch._inductor") || strings.HasPrefix(module, "torch._dynamo") ||
			strings.HasPrefix(module, "torch.cuda") || strings.HasPrefix(module, "torch.fx") || name == "load" || name == "save"
	case "copyreg":
		return true // but for the three that are known
	case "pandas":
		return strings.HasPrefix(name, "read_") || name == "eval"
	}
	return false
}

func riskyBuiltin(name string) bool {
	switch name {
	case "eval", "exec", "execfile", "compile", "open", "file", "input", "raw_input", "apply", "__import__", "reload", "breakpoint", "help", "exit", "quit",
		"getattr", "setattr", "delattr", "hasattr", "globals", "locals", "vars", "dir", "map", "filter", "reduce", "iter", "next", "sorted", "min", "max",
		"memoryview", "classmethod", "staticmethod", "property", "super", "print", "copyright", "credits", "license":
		return true
	}
	return strings.HasPrefix(name, "_")
}

// isTorch knows what a file of tensors needs and nothing else.
func isTorch(g value.Global) bool {
	switch g.Module {
	case "torch._utils":
		return g.Name == "_rebuild_tensor_v2" || g.Name == "_rebuild_parameter"
	case "torch", "torch.storage":
		return strings.HasSuffix(g.Name, "Storage") && !strings.Contains(g.Name, ".") && !strings.HasPrefix(g.Name, "_")
	}
	return false
}
