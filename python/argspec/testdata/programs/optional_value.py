import argparse

p = argparse.ArgumentParser()
p.add_argument("--level", nargs="?", const="7", default="3", type=int)
p.add_argument("--log", nargs="?", const="log.txt")
p.add_argument("--bad", nargs="?", const="ten", type=int)
p.add_argument("name", nargs="?")
args = p.parse_args()
import body; body.ran(args)
