import argparse

p = argparse.ArgumentParser()
p.add_argument("--mode", choices="rwx")
p.add_argument("--any", choices={"only"})
p.add_argument("letter", choices="abc", nargs="?")
args = p.parse_args()
import body; body.ran(args)
