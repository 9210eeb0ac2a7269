"""Two thousand functions over forty files, on lines of one to five digits, with chains of calls."""
FILES, PER_FILE = 40, 50

space = {}
for f in range(FILES):
    lines = []
    for i in range(PER_FILE):
        lines.append('\n' * (i * i % 7))
        callee = 'f%d_%d' % ((f * 7 + i) % FILES, i - 1)
        lines.append('def f%d_%d(): return %s\n' % (f, i, callee + '()' if i % 5 else 'abs(-1)'))
    source = '\n' * (f * 997) + ''.join(lines)
    exec(compile(source, '/pkg%d/sub/module%d.py' % (f % 3, f % 20), 'exec'), space)
for f in range(FILES):
    for i in range(PER_FILE):
        space['f%d_%d' % (f, i)]()
