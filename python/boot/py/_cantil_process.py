"""Sees that no way out of the process loses its profile, and that its children are followed.

Ways out: the interpreter's own end (atexit), SIGTERM and SIGHUP (_cantil_signals), os._exit,
os.abort and the os.exec functions; SIGKILL leaves the last snapshot. Each built-in replaced here has a
stand-in that appears in the profile as that built-in, with the same counts.
"""
import _thread
import atexit
import os
import sys

from _cantil_names import stand_in
from _cantil_signals import real_kill

_HERE = os.path.dirname(os.path.abspath(__file__))


def watch(collector):
    """Arrange all of it for the process the collector works in."""
    atexit.register(collector.saver.finish, "exit")
    collector.saver.signals.meet()
    _stand_in("_exit", _exit(collector.saver, os._exit))
    _stand_in("abort", _abort(collector.saver, os.abort))
    for name in ("execv", "execve"):
        _stand_in(name, _exec(collector.saver, getattr(os, name)))
    for name in ("posix_spawn", "posix_spawnp"):
        if hasattr(os, name):
            _stand_in(name, _spawn(collector.saver, getattr(os, name)))
    if hasattr(os, "fork"):
        _watch_forks(collector)
        _follow_clean_environments(collector.saver)


def _stand_in(name, function):
    """Put a function in the place of os.NAME and of the module it comes from."""
    real = getattr(os, name)
    stand_in(function, real)
    for able in (os.supports_dir_fd, os.supports_fd, os.supports_effective_ids, os.supports_follow_symlinks):
        if real in able:
            able.add(function)
    setattr(os, name, function)
    setattr(sys.modules[real.__module__], name, function)


def _exit(saver, real):
    def exit(*args, **kwargs):
        saver.after_saving("os._exit", lambda: real(*args, **kwargs))
    return exit


def _abort(saver, real):
    def abort():
        saver.after_saving("os.abort", real)
    return abort


def _exec(saver, real):
    def execute(*args, **kwargs):  # path, argv and, of execve, env
        if len(args) > 2:
            args = args[:2] + (_followed(args[2], saver.parts),)
        elif "env" in kwargs:
            kwargs["env"] = _followed(kwargs["env"], saver.parts)
        if _can_run(args[0] if args else kwargs.get("path")):  # os.execvp tries every folder of PATH
            saver.after_saving("exec", lambda: real(*args, **kwargs))
        else:
            real(*args, **kwargs)
    return execute


def _can_run(path):
    try:
        return os.access(path, os.X_OK) and not os.path.isdir(path)
    except (TypeError, ValueError):
        return isinstance(path, int)  # a file descriptor


def _spawn(saver, real):
    def spawn(*args, **kwargs):  # path, argv, env and more
        _has_children(saver.signals)
        if len(args) > 2:
            args = args[:2] + (_followed(args[2], saver.parts),) + args[3:]
        return real(*args, **kwargs)
    return spawn


# Forks -------------------------------------------------------------------


def _watch_forks(collector):
    for name in ("fork", "forkpty"):
        _stand_in(name, _fork(collector, getattr(os, name)))
    if hasattr(os, "register_at_fork"):  # 3.7+: also forks that C code makes
        os.register_at_fork(before=lambda: _will_fork(collector.saver),
                            after_in_parent=lambda: _forked_in_parent(collector.saver),
                            after_in_child=lambda: _forked_in_child(collector))


_forking = set()  # threads in a stand-in for os.fork, where the saver is paused


def _fork(collector, real):
    saver, by_hand = collector.saver, not hasattr(os, "register_at_fork")

    def fork():
        ident, pid = _thread.get_ident(), None
        _has_children(saver.signals)
        _forking.add(ident)
        try:
            saver.pause()
            if by_hand:
                saver.signals.hold_back()
            result = real()
            pid = result[0] if isinstance(result, tuple) else result
            return result
        finally:
            _forking.discard(ident)
            if pid == 0:
                if by_hand:
                    _forked_in_child(collector)
            else:
                saver.signals.let_through()
                saver.resume()
    return fork


def _will_fork(saver):
    if _thread.get_ident() not in _forking:
        saver.pause()
    saver.signals.hold_back()  # what else runs before a fork has run: this was registered first


def _forked_in_parent(saver):
    saver.signals.let_through()
    # After the hooks CPython 3.14 counts threads and warns of a fork with several; the
    # saver must not be the reason. So where it can, the stand-in resumes it.
    if _thread.get_ident() not in _forking:
        saver.resume()


def _forked_in_child(collector):
    depth, frame = 0, sys._getframe(1)
    while frame is not None:
        depth, frame = depth + 1, frame.f_back
    try:
        collector.role = "fork"
        collector.saver.reset()
        collector.after_fork_in_child(depth)
        if collector.threads:
            collector.saver.begin()
    finally:
        collector.saver.signals.let_through()


def _has_children(signals):
    """Have os.kill leave notes. Not before: its stand-in is a frame more in the program's handlers."""
    if os.kill is real_kill:
        def kill(*args):  # pid, signal
            real_kill(*args)
            signals.leave_note(*args)
        _stand_in("kill", kill)


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


def _follow_clean_environments(saver):
    """subprocess.Popen(env=...) goes straight to _posixsubprocess, with a list of bytes."""
    try:
        import _posixsubprocess
    except ImportError:
        return
    real = _posixsubprocess.fork_exec
    mine = b"CANTIL_PARTS=" + os.fsencode(saver.parts)
    key, here = b"PYTHONPATH=", os.fsencode(_HERE)

    def fork_exec(*args):
        _has_children(saver.signals)
        env = args[5] if len(args) > 5 else None
        if isinstance(env, list) and not any([e.startswith(b"CANTIL_PARTS=") for e in env]):
            paths = [e[len(key):] for e in env if e.startswith(key) and e != key]
            env = [e for e in env if not e.startswith(key)]
            env += [key + b":".join([here] + paths[:1]), mine]
            args = args[:5] + (env,) + args[6:]
        return real(*args)
    stand_in(fork_exec, real)
    _posixsubprocess.fork_exec = fork_exec
    subprocess = sys.modules.get("subprocess")
    if getattr(subprocess, "_fork_exec", None) is real:
        subprocess._fork_exec = fork_exec
