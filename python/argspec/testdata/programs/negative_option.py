import argparse

p = argparse.ArgumentParser()
p.add_argument("-1", action="store_true", dest="one")
p.add_argument("-2", type=int, dest="two")
p.add_argument("values", nargs="*")
args = p.parse_args()
import body; body.ran(args)
