import argparse

p = argparse.ArgumentParser()
g = p.add_mutually_exclusive_group(required=True)
g.add_argument("--shown", type=bool, default=False)
g.add_argument("--unseen", help=argparse.SUPPRESS)
h = p.add_mutually_exclusive_group()
h.add_argument("-a", action="store_true")
args = p.parse_args()
import body; body.ran(args)
