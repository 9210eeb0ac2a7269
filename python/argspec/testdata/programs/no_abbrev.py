import argparse

p = argparse.ArgumentParser(allow_abbrev=False)
p.add_argument("--verbose", action="store_true")
p.add_argument("-a", action="store_true")
p.add_argument("-b", type=int)
p.add_argument("-long", type=int)
args = p.parse_args()
import body; body.ran(args)
