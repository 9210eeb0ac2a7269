import argparse

p = argparse.ArgumentParser(description="Groups", epilog="That is all, 100%% sure. %(prog)s")
a = p.add_argument_group("first group", "has two options")
a.add_argument("--alpha", help="the first")
a.add_argument("--beta", type=int, help="the second of %(type)s, in %(prog)s")
b = p.add_argument_group("second group")
b.add_argument("gamma", help="a positional in a group")
p.add_argument_group("empty", "of nothing")
args = p.parse_args()
import body; body.ran(args)
