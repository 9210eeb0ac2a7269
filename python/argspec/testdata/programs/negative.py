import argparse

p = argparse.ArgumentParser()
p.add_argument("x", type=float)
p.add_argument("ys", nargs="*", type=int)
p.add_argument("--shift", type=int)
args = p.parse_args()
import body; body.ran(args)
