"""Writes names.gz: the names of characters that Python's \\N{...} knows, as CPython 3.13 has them.

python3.13 testdata/gen_names.py names.gz       (Perl's own tables give the aliases.)

Each line is a name behind the hexadecimal distance to the character before, which is left out where it is 1.
"""
import gzip
import subprocess
import sys
import unicodedata

assert unicodedata.unidata_version == "15.1.0", "needs CPython 3.13"
names = []
for point in range(0x110000):
    name = unicodedata.name(chr(point), "")
    if name and not name.startswith(("CJK UNIFIED IDEOGRAPH-", "HANGUL SYLLABLE ")):
        names.append((point, name))

table = subprocess.run(["perl", "-e", 'print do "unicore/Name.pl"'], stdout=subprocess.PIPE, check=True).stdout.decode()
for entry in table.split("\n\n"):
    point, _, name = entry.strip().partition("\n")
    try:
        char = unicodedata.lookup(name)
    except KeyError:
        continue
    if " " not in point and char == chr(int(point, 16)) and unicodedata.name(char, "") != name and not name.startswith("HANGUL SYLLABLE "):
        names.append((ord(char), name))

lines, before = [], 0
for point, name in sorted(set(names)):
    distance = "" if point - before == 1 else "%x" % (point - before)
    lines.append(distance + " " + name)
    before = point
with open(sys.argv[1], "wb") as f:
    f.write(gzip.compress("\n".join(lines).encode(), 9, mtime=0))
