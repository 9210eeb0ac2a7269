import argparse


class Upper(argparse.Action):
    def __call__(self, parser, namespace, values, option_string=None):
        if values == "no":
            parser.error("no is no value")
        setattr(namespace, self.dest, values.upper())


class Both(argparse._AppendAction):
    def __call__(self, parser, namespace, values, option_string=None):
        super().__call__(parser, namespace, values, option_string)


p = argparse.ArgumentParser()
p.add_argument("--upper", action=Upper, help="in capitals")
p.add_argument("--both", action=Both, type=int)
p.add_argument("--n", type=int)
args = p.parse_args()
import body; body.ran(args)
