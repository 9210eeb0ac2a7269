import argparse

p = argparse.ArgumentParser()
p.add_argument("--verbose", action="store_true")
p.add_argument("--version-file")
p.add_argument("--value", type=int)
p.add_argument("-val", dest="val")
p.add_argument("--x", action="store_true")
p.add_argument("--xy", action="store_true")
args = p.parse_args()
import body; body.ran(args)
