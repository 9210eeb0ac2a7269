"""Correct the spelling of a text, word by word: a program to profile.

    cantil profile examples/spellcheck.py
    cantil profile examples/spellcheck.py --trie

It makes up a language, learns its words from a text, then corrects a second
text with typing errors in it. By default each unknown word is compared to every
known one; with --trie the words are kept in a tree, and whole branches of it are
given up at once. Where does the time go, and how much does the tree win?
"""
import argparse
import random
from collections import Counter

LETTERS = "abcdefghijklmnopqrstuvwxyz"
SYLLABLES = [a + b for a in "bdfgklmnprstv" for b in ("a", "e", "i", "o", "u", "an", "er", "is")]


def make_language(rng, size):
    """A list of made-up words; the first of them will be the most used."""
    words = {"".join(rng.choice(SYLLABLES) for _ in range(rng.randint(2, 4))) for _ in range(size)}
    return sorted(words, key=lambda word: (len(word), word))


def write_text(rng, words, length):
    """Yield the words of a text; short words come more often than long ones."""
    for _ in range(length):
        yield words[int(len(words) * rng.random() ** 2)]


def mistype(rng, word):
    """The word with one letter left out, doubled, exchanged or replaced."""
    i = rng.randrange(len(word) - 1)
    return rng.choice([
        word[:i] + word[i + 1:],
        word[:i] + word[i] + word[i:],
        word[:i] + word[i + 1] + word[i] + word[i + 2:],
        word[:i] + rng.choice(LETTERS) + word[i + 1:],
    ])


def next_row(row, letter, word):
    """One more row of the table of edit distances between two words."""
    new = [row[0] + 1]
    for column, other in enumerate(word):
        new.append(min(new[column] + 1, row[column + 1] + 1, row[column] + (letter != other)))
    return new


def distance(a, b):
    """How many letters must be put in, taken out or replaced to make b from a."""
    row = list(range(len(b) + 1))
    for letter in a:
        row = next_row(row, letter, b)
    return row[-1]


def nearest_in_list(known, word):
    """The known word nearest to the one given, the most used of several."""
    candidates = [(distance(word, other), -count, other) for other, count in known.items()]
    return min(candidates)[2]


def make_trie(words):
    """A tree of letters; a whole word is kept under the empty string."""
    root = {}
    for word in words:
        node = root
        for letter in word:
            node = node.setdefault(letter, {})
        node[""] = word
    return root


def walk(node, row, word, limit):
    """Yield (distance, word) for the words below node that are at most limit away."""
    for letter, child in node.items():
        if letter == "":
            if row[-1] <= limit:
                yield row[-1], child
        else:
            new = next_row(row, letter, word)
            if min(new) <= limit:
                for found in walk(child, new, word, limit):
                    yield found


def nearest_in_trie(trie, known, word):
    """The same answer as nearest_in_list, from the tree."""
    for limit in range(len(word) + 1):
        found = [(far, -known[other], other) for far, other in walk(trie, list(range(len(word) + 1)), word, limit)]
        if found:
            return min(found)[2]


def main():
    parser = argparse.ArgumentParser(description="Correct a text full of typing errors")
    parser.add_argument("--words", type=int, default=400, help="size of the language (default 400)")
    parser.add_argument("--typos", type=int, default=100, help="number of words to correct (default 100)")
    parser.add_argument("--trie", action="store_true", help="search in a tree instead of a list")
    args = parser.parse_args()

    rng = random.Random(7)
    language = make_language(rng, args.words)
    known = Counter(write_text(rng, language, 20000))
    trie = make_trie(known)
    right = 0
    for meant in write_text(rng, sorted(known), args.typos):
        typed = mistype(rng, meant)
        right += meant == (nearest_in_trie(trie, known, typed) if args.trie else nearest_in_list(known, typed))
    print("%d words known, %d of %d typing errors corrected" % (len(known), right, args.typos))


if __name__ == "__main__":
    main()
