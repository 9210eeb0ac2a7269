import argparse

p = argparse.ArgumentParser()
for letter in "abc":
    p.add_argument("-" + letter, action="store_true")
p.add_argument("-o", metavar="FILE")
p.add_argument("-O", type=int, nargs="?", const=2, default=0)
p.add_argument("rest", nargs="*")
args = p.parse_args()
import body; body.ran(args)
