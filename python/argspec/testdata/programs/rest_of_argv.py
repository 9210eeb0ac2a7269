import argparse
import sys

p = argparse.ArgumentParser()
p.add_argument("--n", type=int)
args = p.parse_args(sys.argv[1:])
import body; body.ran(args)
