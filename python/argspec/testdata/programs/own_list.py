import argparse

p = argparse.ArgumentParser()
p.add_argument("--n", type=int)
p.add_argument("--m", type=int)
args = p.parse_args(["--n", "1"])
import body; body.ran(args)
