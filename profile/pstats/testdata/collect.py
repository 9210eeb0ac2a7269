"""collect.py FOLDER PREFIX PROGRAM...: profile programs with cProfile and profile.

Writes FOLDER/PREFIX-PROGRAM-c.prof and FOLDER/PREFIX-PROGRAM-p.prof. The main code of the program is a
compiled string, so that the profile holds no code object and every version can load it.
"""
import cProfile
import os
import profile
import sys

folder, prefix = sys.argv[1:3]
for path in sys.argv[3:]:
    name = os.path.basename(path)[:-len('.py')]
    with open(path, encoding='utf-8') as f:
        code = compile(f.read(), path, 'exec')
    for letter, module in (('c', cProfile), ('p', profile)):
        space = {'__name__': '__main__'}
        profiler = module.Profile()
        profiler.runctx('exec(code, space)', {'code': code, 'space': space}, {})
        profiler.dump_stats(os.path.join(folder, '%s-%s-%s.prof' % (prefix, name, letter)))
