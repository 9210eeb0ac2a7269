"""Sees that no way out of the process loses its profile, and that its children are followed.

Ways out: the interpreter's own end (atexit), SIGTERM and SIGHUP, os._exit and the
os.exec functions; SIGKILL leaves the last snapshot. Each built-in replaced here has a
stand-in that appears in the profile as that built-in, with the same counts.
"""
import _signal
import atexit
import os
import sys

from _cantil_names import STAND_IN, mark

_HERE = os.path.dirname(os.path.abspath(__file__))


def watch(collector):
    """Arrange all of it for the process the collector works in."""
    atexit.register(collector.saver.finish, "exit")
    _watch_signals(collector.saver)
    _stand_in("_exit", _exit(collector.saver, os._exit))
    for name in ("execv", "execve"):
        _stand_in(name, _exec(collector.saver, getattr(os, name)))
    for name in ("posix_spawn", "posix_spawnp"):
        if hasattr(os, name):
            _stand_in(name, _spawn(collector.saver.parts, getattr(os, name)))
    if hasattr(os, "fork"):
        _watch_forks(collector)
        _follow_clean_environments(collector.saver.parts)


def _stand_in(name, function):
    """Put a function in the place of os.NAME and of the module it comes from."""
    real = getattr(os, name)
    function.__name__ = function.__qualname__ = name
    mark(function, STAND_IN, "<built-in method %s.%s>" % (real.__module__, name))
    setattr(os, name, function)
    setattr(sys.modules[real.__module__], name, function)


def _exit(saver, real):
    def exit(status):
        saver.after_saving("os._exit", lambda: real(status))
    return exit


def _exec(saver, real):
    def execute(path, args, *env):
        if env:
            env = (_followed(env[0], saver.parts),)
        if _can_run(path):  # os.execvp tries every folder of PATH
            saver.finish("exec")
        real(path, args, *env)
    return execute


def _can_run(path):
    try:
        return os.access(path, os.X_OK) and not os.path.isdir(path)
    except (TypeError, ValueError):
        return isinstance(path, int)  # a file descriptor


def _spawn(parts, real):
    def spawn(path, argv, env, *args, **kwargs):
        return real(path, argv, _followed(env, parts), *args, **kwargs)
    return spawn


# Signals -----------------------------------------------------------------


def _watch_signals(saver):
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(_signal, name, None)
        if number is None or _signal.getsignal(number) is not _signal.SIG_DFL:
            continue  # ignored (nohup), or somebody's already

        def end(signum, frame, name=name):
            def die():
                _signal.signal(signum, _signal.SIG_DFL)
                os.kill(os.getpid(), signum)
            saver.after_saving(name, die)
        try:
            _signal.signal(number, end)
        except ValueError:
            return  # not the main thread of the main interpreter: atexit and snapshots remain


# Forks -------------------------------------------------------------------


def _watch_forks(collector):
    for name in ("fork", "forkpty"):
        _stand_in(name, _fork(collector, getattr(os, name)))
    if hasattr(os, "register_at_fork"):  # 3.7+: also forks that C code makes
        os.register_at_fork(before=collector.saver.end,
                            after_in_parent=lambda: _forked_in_parent(collector, hook=True),
                            after_in_child=lambda: _forked_in_child(collector))


def _fork(collector, real):
    by_hand = not hasattr(os, "register_at_fork")

    def fork():
        if by_hand:
            collector.saver.end()
        result = real()
        pid = result[0] if isinstance(result, tuple) else result
        if pid != 0:
            _forked_in_parent(collector, hook=False)
        elif by_hand:
            _forked_in_child(collector)
        return result
    return fork


def _forked_in_parent(collector, hook):
    # After the hooks CPython 3.14 counts threads and warns of a fork with several:
    # the saver must not be the reason.
    if hook and sys.version_info >= (3, 14):
        return
    if collector.saver.ident is None and not collector.finished:
        collector.saver.begin()


def _forked_in_child(collector):
    depth, frame = 0, sys._getframe(1)
    while frame is not None:
        depth, frame = depth + 1, frame.f_back
    collector.role = "fork"
    collector.saver.reset()
    collector.after_fork_in_child(depth)
    if collector.threads:
        collector.saver.begin()


# Children with an environment of their own -------------------------------


def _followed(env, parts):
    """The environment with what makes a Python child begin its profile."""
    if not hasattr(env, "items") or "CANTIL_PARTS" in env or b"CANTIL_PARTS" in env:
        return env
    env = dict(env)
    path = env.pop("PYTHONPATH", None) or env.pop(b"PYTHONPATH", None)
    env["CANTIL_PARTS"] = parts
    env["PYTHONPATH"] = _HERE + (os.pathsep + os.fsdecode(path) if path else "")
    return env


def _follow_clean_environments(parts):
    """subprocess.Popen(env=...) goes straight to _posixsubprocess, with a list of bytes."""
    try:
        import _posixsubprocess
    except ImportError:
        return
    real = _posixsubprocess.fork_exec
    mine = b"CANTIL_PARTS=" + os.fsencode(parts)
    key, here = b"PYTHONPATH=", os.fsencode(_HERE)

    def fork_exec(*args):
        env = args[5] if len(args) > 5 else None
        if isinstance(env, list) and not any([e.startswith(b"CANTIL_PARTS=") for e in env]):
            paths = [e[len(key):] for e in env if e.startswith(key) and e != key]
            env = [e for e in env if not e.startswith(key)]
            env += [key + b":".join([here] + paths[:1]), mine]
            args = args[:5] + (env,) + args[6:]
        return real(*args)
    mark(fork_exec, STAND_IN, "<built-in method _posixsubprocess.fork_exec>")
    _posixsubprocess.fork_exec = fork_exec
    subprocess = sys.modules.get("subprocess")
    if getattr(subprocess, "_fork_exec", None) is real:
        subprocess._fork_exec = fork_exec
