import argparse

p = argparse.ArgumentParser(fromfile_prefix_chars="@%")
p.add_argument("--n", type=int)
p.add_argument("rest", nargs="*")
args = p.parse_args()
import body; body.ran(args)
