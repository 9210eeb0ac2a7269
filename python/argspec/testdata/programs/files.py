import argparse
import warnings

warnings.simplefilter("ignore")
p = argparse.ArgumentParser()
p.add_argument("--in", type=argparse.FileType("r"), dest="source")
p.add_argument("--out", type=argparse.FileType("w"))
p.add_argument("--new", type=argparse.FileType("x"))
p.add_argument("--n", type=int)
args = p.parse_args()
import body; body.ran(args)
