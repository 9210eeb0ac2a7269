# What a program can see of how it was started.
import json
import sys

main = sys.modules["__main__"]
spec = getattr(main, "__spec__", None)
seen = {
    "argv": sys.argv,
    "path0": sys.path[0],
    "name": __name__,
    "file": getattr(main, "__file__", None),
    "cached": getattr(main, "__cached__", None),
    "doc": main.__doc__,
    "package": main.__package__,
    "spec": spec and [spec.name, spec.origin],
    "loader": type(main.__loader__).__name__,
    "builtins": type(main.__builtins__).__name__,
    "names": sorted(n for n in vars(main) if n not in ("main", "spec", "seen", "json", "sys")),
    "is_main": globals() is vars(main),
    "orig_argv": getattr(sys, "orig_argv", [""])[1:],
    "cantil_on_path": [p for p in sys.path if "boot" in p],
    "threads": len(sys.modules["threading"].enumerate()) if "threading" in sys.modules else None,
    "excepthook": sys.excepthook is sys.__excepthook__,
    "profile": sys.getprofile() is not None and sys.version_info >= (3, 12),
}
print(json.dumps(seen, sort_keys=True))
