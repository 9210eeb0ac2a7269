"""transcript.py JOBS OUTPUT: do the jobs of a JSON file with this Python's pstats and write what it prints.

A job is {"files": [...], "steps": [[word, argument...], ...]}. Whatever is raised is written as "!!! error".
"""
import io
import json
import pstats
import sys


def do(stats, step):
    word, arguments = step[0], step[1:]
    if word == 'add':
        stats.add(*arguments)
    else:
        getattr(stats, word)(*arguments)


def main(jobs, output):
    with io.open(jobs, encoding='utf-8') as f:
        jobs = json.load(f)
    with open(output, 'wb') as raw:
        out = io.TextIOWrapper(raw, encoding='utf-8', errors='surrogatepass', newline='\n')
        for number, job in enumerate(jobs):
            out.write('=== %d\n' % number)
            try:
                stats = pstats.Stats(*job['files'], stream=out)
                for step in job['steps']:
                    do(stats, step)
            except Exception:
                out.write('!!! error\n')
        out.flush()


main(*sys.argv[1:])
