"""File and function names that are not ASCII, lone surrogates, odd characters, and folders that collapse."""


def run(source, file):
    exec(compile(source, file, 'exec'), {})


run('def größe(): return 1\ngröße()', '/home/zoë/größe.py')
run('def 関数(): return sorted([3, 1])\n関数(); 関数()', '/データ/処理.py')
run('def low(): return 1\nlow()', '/tmp/\udc80\udcff/bad.py')
run('def high(): return 1\nhigh()', '\ud800.py')
run('def emoji(): return len("")\nemoji()', '/a/\U0001f40d.py')
run('def quote(): return 1\nquote()', "it's \"odd\"\\ \n\x7f.py")
run('def folder(): return 1\nfolder()', '/ends/with/')
run('def windows(): return 1\nwindows()', 'C:\\code\\app.py')
run('def tilde(): return 1\ntilde()', '~')
run('def nothing(): return 1\nnothing()', '')

# Two files of one name: their functions, and their calls of shared(), collapse when folders go.
SHARED = 'def shared(): return abs(-1)\n'
CALLS = 'def caller(f):\n    return f()\n'
space = {}
exec(compile(SHARED, '/lib/shared.py', 'exec'), space)
for n, folder in enumerate(('/one/', '/two/', '/three/', '')):
    inner = {}
    exec(compile(CALLS, folder + 'same.py', 'exec'), inner)
    for _ in range(n + 1):
        inner['caller'](space['shared'])

# Function names no source can hold: through the syntax tree, which takes any string.
import ast
for name in ('\udc80', 'a)b(', "it's", '<angle>', '日本\n語'):
    tree = ast.parse('def f(): return 1')
    tree.body[0].name = name
    space = {}
    exec(compile(tree, 'tree.py', 'exec'), space)
    space[name]()
