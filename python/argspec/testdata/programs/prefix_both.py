import argparse

p = argparse.ArgumentParser(prefix_chars="-+")
p.add_argument("-x", action="store_true", dest="x")
p.add_argument("+x", action="store_false", dest="x")
p.add_argument("--on", action="store_true")
p.add_argument("++on", action="store_false", dest="on")
args = p.parse_args()
import body; body.ran(args)
