"""Pickles variables of the program's __main__ into the run's folder kept/.

One file for each, NAME.pkl, whole or absent; report.json says what became of every name.
"""
import json
import os
import pickle
import sys
import threading

TRIES = 3  # of an object that another thread changes while it is pickled


class Keeper(object):
    def __init__(self, folder, names):
        self.folder = os.path.join(folder, "kept")
        self.names = names
        self.pid = os.getpid()
        self.keeping = False

    def keep(self, how):
        """Pickle all that can be; what cannot is reported. Never fails."""
        if not self.names or self.keeping or os.getpid() != self.pid:
            return
        self.keeping = True
        try:
            found = vars(sys.modules["__main__"])
            report = {"how": how, "variables": [self._variable(found, name) for name in self.names]}
            text = json.dumps(report, indent=2) + "\n"
            self._write("report.json", lambda f: f.write(text.encode("utf-8")))
        except Exception:
            pass  # the folder cannot be written to: the front finds no report, and says so
        finally:
            self.keeping = False

    def _variable(self, found, name):
        if name not in found:
            return {"name": name, "error": "the program has no variable of that name"}
        value = found[name]
        try:
            size = self._pickled(name + ".pkl", value)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            return {"name": name, "type": _type_name(value), "error": "%s: %s" % (type(error).__name__, error)}
        return {"name": name, "type": _type_name(value), "file": name + ".pkl", "bytes": size}

    def _pickled(self, file, value):
        for left in reversed(range(TRIES)):
            try:
                return self._write(file, lambda f: pickle.dump(value, f, protocol=4))
            except RuntimeError:  # "dictionary changed size during iteration", but also RecursionError
                if not left or sys.exc_info()[0] is RecursionError:
                    raise

    def _write(self, name, write):
        os.makedirs(self.folder, mode=0o700, exist_ok=True)
        path = os.path.join(self.folder, name)
        temporary = os.path.join(self.folder, ".%s.%d.tmp" % (name, threading.get_ident()))
        fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            with os.fdopen(fd, "wb") as f:
                write(f)
                f.flush()
                os.fsync(f.fileno())
                size = f.tell()
            os.replace(temporary, path)
        except BaseException:
            os.unlink(temporary)
            raise
        return size


def _type_name(value):
    kind = type(value)
    return kind.__qualname__ if kind.__module__ == "builtins" else "%s.%s" % (kind.__module__, kind.__qualname__)
