"""Answers for each line "pattern subject ..." (hex of UTF-8 with surrogatepass) what re does.

One line each: "ok" and a 0 or 1 for each subject, "error POS MSG", "other TYPE", "slow", or
"defect" where re itself reports a bug of its own.
"""
import re
import signal
import sys
import warnings

warnings.simplefilter("ignore")


class Slow(BaseException):
    pass


def on_alarm(signum, frame):
    raise Slow


def decode(word):
    return bytes.fromhex(word).decode("utf-8", "surrogatepass")


def answer(pattern, subjects):
    try:
        compiled = re.compile(pattern)
    except re.error as e:
        return "error %s %s" % (e.pos, ascii(e.msg))
    except Exception as e:
        return "other " + type(e).__name__
    return "ok " + "".join("01"[compiled.search(s) is not None] for s in subjects)


signal.signal(signal.SIGALRM, on_alarm)
for line in open(sys.argv[1]):
    pattern, *subjects = map(decode, line.rstrip("\n").split(" "))
    signal.setitimer(signal.ITIMER_REAL, 0.5)
    try:
        print(answer(pattern, subjects))
    except Slow:
        print("slow")
    except SystemError:
        print("defect")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
