import argparse

p = argparse.ArgumentParser()
p.add_argument("what", nargs="*", choices=["a", "b"])
p.add_argument("--with", nargs="+", choices=["c", "d"], dest="others")
args = p.parse_args()
import body; body.ran(args)
