import argparse

p = argparse.ArgumentParser()
p.add_argument("--size", nargs=2, type=int, metavar=("WIDTH", "HEIGHT"), help="in pixels")
p.add_argument("--one", nargs=1)
p.add_argument("--three", nargs=3, default=["a", "b", "c"])
p.add_argument("point", nargs=2, type=float)
args = p.parse_args()
import body; body.ran(args)
