import argparse

p = argparse.ArgumentParser(add_help=False)
p.add_argument("--mine", type=int)
p.add_argument("file", nargs="?")
args, rest = p.parse_known_args()
import body; body.ran(args)
