import argparse

p = argparse.ArgumentParser()
p.add_argument("--exec", nargs=argparse.REMAINDER)
p.add_argument("-n", type=int)
p.add_argument("name", nargs="?")
args = p.parse_args()
import body; body.ran(args)
