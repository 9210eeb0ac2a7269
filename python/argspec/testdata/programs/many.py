import argparse

p = argparse.ArgumentParser()
for i in range(12):
    p.add_argument("--option-%d" % i, action="store_true" if i % 2 else "store", required=i == 4)
g = p.add_mutually_exclusive_group()
g.add_argument("--left", type=int)
g.add_argument("--right", type=int)
p.add_argument("source", help="from")
p.add_argument("target", nargs="?")
args = p.parse_args()
import body; body.ran(args)
