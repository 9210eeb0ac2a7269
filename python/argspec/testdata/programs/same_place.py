import argparse

p = argparse.ArgumentParser()
p.add_argument("--a", dest="place", type=int, default="1")
p.add_argument("--b", dest="place", type=float, default="half")
p.add_argument("--log", dest="log", action="append")
p.add_argument("--log-as", dest="log", type=int)
p.set_defaults(extra="no number", place="2")
args = p.parse_args()
import body; body.ran(args)
