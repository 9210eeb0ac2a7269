import argparse

p = argparse.ArgumentParser(prog="versioned")
p.add_argument("-V", "--version", action="version", version="%(prog)s 1.2.3")
p.add_argument("--n", type=int)
args = p.parse_args()
import body; body.ran(args)
