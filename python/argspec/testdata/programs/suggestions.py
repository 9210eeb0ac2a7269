import argparse
import sys

more = {"suggest_on_error": True} if sys.version_info >= (3, 14) else {}
p = argparse.ArgumentParser(**more)
p.add_argument("--fruit", choices=["apple", "banana"])
p.add_argument("--n", type=int, choices=[1, 2])
p.add_subparsers(dest="command").add_parser("install")
args = p.parse_args()
import body; body.ran(args)
