"""The search form of text: what stays when case, accents, punctuation and ways of encoding are taken away.

Both sides of every text match go through `fold`, in loaders, stores and queries alike, so that the two stores find
the same. It serves finding only: stored values keep their own spelling.
"""

import unicodedata

# Letters that Unicode does not decompose, as English-language lists usually write them.
_LETTERS = {
    "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ĸ": "k", "ł": "l", "ŋ": "n", "ŧ": "t", "ƶ": "z",
    "æ": "ae", "œ": "oe", "ß": "ss", "þ": "th", "ĳ": "ij", "ə": "e", "ɖ": "d",
}  # fmt: skip
# Marks that people leave out: Latin and Greek accents, Hebrew points, Arabic vowel signs and hamza.
# Marks of other scripts (Japanese voicing, Indic vowels) make another letter and stay.
_MARKS = ((0x0300, 0x036F), (0x0591, 0x05C7), (0x0610, 0x061A), (0x064B, 0x065F), (0x0670, 0x0670), (0x06D6, 0x06ED),
          (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE20, 0xFE2F))  # fmt: skip
_CYRILLIC = (0x0400, 0x052F)
_ASCII = "".join(chr(code).lower() if chr(code).isalnum() else " " for code in range(128))


class _FoldTable(dict[int, str]):
    """What each character becomes, worked out when it is first met: at most one entry for each code point."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_character(chr(code))
        return folded


def _fold_character(char: str) -> str:
    code = ord(char)
    if _CYRILLIC[0] <= code <= _CYRILLIC[1]:
        return "е" if char == "ё" else char  # й, ї and ў are letters of their own; ё is often written е
    kept = []
    for part in unicodedata.normalize("NFKD", char):
        if any(first <= ord(part) <= last for first, last in _MARKS):
            continue
        category = unicodedata.category(part)
        if category == "Cf":  # joiners, direction marks
            continue
        kept.append(_LETTERS.get(part, part) if part.isalnum() or category[0] == "M" else " ")
    return unicodedata.normalize("NFC", "".join(kept))


_TABLE = _FoldTable()


def fold(text: str) -> str:
    """The search form: no case, accents or punctuation, Latin letters made basic, one space between tokens.

    Cyrillic, Arabic, Chinese and other scripts keep their letters. Folding twice is folding once. An empty answer
    means that nothing searchable is left. Linear in the text; plain ASCII takes a fast path.
    """
    if text.isascii():
        return " ".join(text.translate(_ASCII).split())
    composed = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(composed.translate(_TABLE).split())


def tokens(text: str) -> tuple[str, ...]:
    """The words of the search form, in order, repeated where the text repeats them."""
    return tuple(fold(text).split())
