import argparse

p = argparse.ArgumentParser()
p.add_argument("-epochs", type=int)
p.add_argument("-e", action="store_true")
p.add_argument("-rate", type=float)
p.add_argument("-r", nargs="?")
args = p.parse_args()
import body; body.ran(args)
