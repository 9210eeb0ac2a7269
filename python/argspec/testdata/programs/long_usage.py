import argparse

p = argparse.ArgumentParser(prog="a-program-with-a-name-that-is-far-too-long-for-most-of-the-terminals")
for i in range(12):
    p.add_argument("--option-number-%d" % i, type=int, metavar="N", help="the option %d of them" % i)
p.add_argument("source")
p.add_argument("targets", nargs="+")
args = p.parse_args()
import body; body.ran(args)
