"""Makes src/measure/name-words.ts from the character names that Python knows.

    python3.11 scripts/name-words.py > src/measure/name-words.ts
"""

import unicodedata

# The first words of names that Qtok counts as scripts, in its classification.py.
WORDS = sorted(
    """ADLAM CHAKMA OL BAMUM OGHAM BOPOMOFO COPTIC RUNIC HALFWIDTH MODI KAITHI LEPCHA SHAVIAN LIMBU BATAK PHOENICIAN
    GLAGOLITIC MANDAIC BALINESE SAMARITAN PHAGS-PA OLD BLACK-LETTER SUNDANESE INSCRIPTIONAL LISU CHAM TAGALOG DESERET
    TAGBANWA BUGINESE THAANA MONGOLIAN DINGBAT JAVANESE EGYPTIAN GEORGIAN NKO TIFINAGH GURMUKHI BENGALI SINHALA ORIYA TAI
    KANGXI CANADIAN CHEROKEE LAO TELUGU SYRIAC TAMIL BRAILLE ETHIOPIC MYANMAR HEBREW ARABIC TIBETAN HIRAGANA CYRILLIC
    GREEK CJK LATIN KATAKANA KHMER THAI ARMENIAN YI HANGUL GOTHIC MALAYALAM DEVANAGARI GUJARATI KANNADA MEETEI
    ARABIC-INDIC""".split()
)
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
WIDTH = 94


def base36(number):
    text = DIGITS[number % 36]
    while number := number // 36:
        text = DIGITS[number % 36] + text
    return text


def kind(code):
    """0: no name; 1: another word; then the words."""
    try:
        word = unicodedata.name(chr(code)).split()[0]
    except ValueError:
        return 0
    return WORDS.index(word) + 2 if word in WORDS else 1


def lines_of(words):
    line = ""
    for word in words:
        if len(line) + 1 + len(word) > WIDTH:
            yield line
            line = word
        else:
            line = f"{line} {word}".strip()
    yield line


runs = []
start = 0
last = kind(0)
for code in range(1, 0x110001):
    now = kind(code) if code < 0x110000 else None
    if now != last:
        runs.append(f"{base36(code - start)}.{base36(last)}")
        start, last = code, now

print(
    f"""/**
 * The first word of each character's name in Unicode {unicodedata.unidata_version}, as far as it names a script.
 *
 * Made by scripts/name-words.py. A stretch is `LENGTH.KIND` in base 36; kind 0: no name, 1: another word, 2: NAME_WORDS[0].
 */

// biome-ignore format: one long list
export const NAME_WORDS = ["""
)
words = [f'"{word}",' for word in WORDS]
for line in lines_of(words):
    print(f"  {line}")
print("] as const;\n")
print("// biome-ignore format: one long list\nexport const NAME_RUNS = [")
for line in lines_of(runs):
    print(f'  "{line}",')
print("] as const;")
