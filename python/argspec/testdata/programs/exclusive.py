import argparse

p = argparse.ArgumentParser()
g = p.add_mutually_exclusive_group()
g.add_argument("--json", action="store_true")
g.add_argument("--csv", action="store_true")
g.add_argument("--number", type=int, default=5)
g.add_argument("--letter", default="a")
h = p.add_mutually_exclusive_group(required=True)
h.add_argument("--in", dest="source")
h.add_argument("-n", type=int, default=300)
args = p.parse_args()
import body; body.ran(args)
