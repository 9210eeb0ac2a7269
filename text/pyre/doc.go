// Package pyre matches text with Python's regular expressions, as re.search does.
//
// Call [Compile], then [Regexp.Match]:
//
//	re, err := pyre.Compile(`(?i)\bmain\.py:\d+`)
//	found, err := re.Match("/app/Main.py:12(run)")
//
// The syntax and its meaning are those of CPython 3.13's re for str patterns without
// flags. A pattern is refused where Python raises re.error, by a [SyntaxError] with
// Python's message and position. Any other error of Compile is a pattern that Python
// stops at in another way (OverflowError, ValueError, RecursionError) or that is over
// a limit below.
//
// Text is UTF-8 in which a lone surrogate is its three bytes (Python's "surrogatepass")
// and counts as one character; any other invalid byte counts as the surrogate that
// os.fsdecode makes of it.
//
// # Engines
//
// A pattern of plain characters is looked for as a text. Of other patterns, first come
// the literals that no match can do without; most texts that do not match end there.
// Then one of two engines answers, always the same:
//
//   - the standard library's regexp, in linear time, for patterns without look-around,
//     back-references, conditions, atomic groups and possessive quantifiers, unless they
//     are very large. Look-aheads right at the start, as in ^(?!.*test), are fine. It does not take the texts in which it cannot do as Python does:
//     those with surrogates, those outside ASCII where the pattern has a \b or \B that is
//     not ASCII's, and those that end in a newline where it has a $;
//   - regexp2, which backtracks, for everything else. What takes longer than
//     [MatchTimeout] is answered with an error, never with a wrong answer.
//
// A text longer than [MaxText] is an error with both.
//
// # Differences between versions of Python
//
// The versions agree but for these points, on all of which 3.13 is followed:
//   - atomic groups and possessive quantifiers are of 3.11; before, (?>a) was an error
//     and a*+ "multiple repeat";
//   - global flags, such as (?i), that do not start the pattern are an error since 3.11;
//     before, they worked from anywhere, with a warning;
//   - \N{...} is of 3.8;
//   - \z is of 3.14, before an error, and here too;
//   - re forgot case of the old Cyrillic letters U+1C80 to U+1C88 before 3.11;
//   - group references may only use ASCII digits, and \B does not match an empty text:
//     3.12 changed the first, 3.14 the second;
//   - the position given with an error moved in places, and 3.6 words some differently;
//   - Unicode: the tables are of version 15.1. What an older or newer Python's tables
//     do not know in the same way differs in \w, \d, \b, in case and in group names;
//   - re has defects in groups captured inside repeats and look-arounds: of random
//     patterns with back-references in such places 4 in 10,000 differ up to 3.10, then
//     3 in 100,000 (and 8 end with SystemError) up to 3.13, and 1 in 3.14;
//   - 3.6 kept what a group in a negative look-ahead had matched, and let a condition
//     hold inside the group it asks for.
//
// # Differences from Python
//
//   - under (?ai), a back-reference such as \1 also folds the case of letters outside ASCII;
//   - the unassigned characters U+D0000 to U+D07FF cannot be told from one another
//     by a pattern, so a pattern that names one is an error.
package pyre
