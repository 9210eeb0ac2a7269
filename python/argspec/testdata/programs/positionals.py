import argparse

p = argparse.ArgumentParser(prog="pos")
p.add_argument("first")
p.add_argument("second", type=int)
p.add_argument("maybe", nargs="?", default="m")
p.add_argument("--opt")
args = p.parse_args()
import body; body.ran(args)
