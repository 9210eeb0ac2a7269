import argparse

p = argparse.ArgumentParser()
p.add_argument("--flag", action="store_true")
p.add_argument("--n", type=int)
p.add_argument("cmd")
p.add_argument("rest", nargs="*", type=int)
args = getattr(p, "parse_intermixed_args", p.parse_args)()
import body; body.ran(args)
