import argparse

p = argparse.ArgumentParser()
p.add_argument("-v", action="store_true")
p.add_argument("command")
p.add_argument("args", nargs=argparse.REMAINDER)
args = p.parse_args()
import body; body.ran(args)
