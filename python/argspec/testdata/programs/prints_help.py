import argparse
import sys

p = argparse.ArgumentParser()
p.add_argument("--n", type=int)
if len(sys.argv) == 1:
    p.print_help()
    sys.exit(1)
args = p.parse_args()
import body; body.ran(args)
