import argparse

p = argparse.ArgumentParser(prefix_chars="+/")
p.add_argument("+x", type=int)
p.add_argument("++long", action="store_true")
p.add_argument("/slash", nargs=1)
p.add_argument("rest", nargs="*")
args = p.parse_args()
import body; body.ran(args)
