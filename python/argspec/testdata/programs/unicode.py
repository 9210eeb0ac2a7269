import argparse

p = argparse.ArgumentParser(description="Zählt Wörter, 数える", prog="wörter")
p.add_argument("--größe", type=int, metavar="ZAHL", help="eine Größe")
p.add_argument("--mode", choices=["grün", "blau"])
p.add_argument("wort")
args = p.parse_args()
import body; body.ran(args)
