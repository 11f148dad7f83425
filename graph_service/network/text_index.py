"""Text search over entity records: typing errors, prefixes, accents and case forgiven, and scored.

A record matches when **every** word asked for is met by some word of its text: the same, one that begins with it, or
one within an edit distance of 1 (from 4 letters) or 2 (from 8), counted as optimal string alignment (transpositions
are one edit). The index holds the distinct words sorted, a 64-bit signature of the letters of each, and for each word
its records. Distances are only computed for words whose length and signature can be near enough.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz.distance import OSA

from graph_service.network.adjacency import Offsets
from graph_service.network.columns import Ints

PREFIX_LEAST = 2
"""Letters from which a word is also taken as the beginning of another."""
PREFIX_SCORE = 0.9
FUZZY_SCORE = 0.85


def edits_allowed(word: str) -> int:
    """How many edits a word of this length is forgiven: 0, 1 (from 4 letters) or 2 (from 8)."""
    return 0 if len(word) < 4 else 1 if len(word) < 8 else 2  # the rule itself


def word_score(asked: str, word: str) -> float:
    """How well a word meets the one asked for, from 0 (not at all) to 1 (the same): the rule the index follows."""
    if asked == word:
        return 1.0
    best = 0.0
    if len(asked) >= PREFIX_LEAST and word.startswith(asked):
        best = PREFIX_SCORE
    allowed = edits_allowed(asked)
    if allowed and abs(len(word) - len(asked)) <= allowed:
        distance = OSA.distance(asked, word, score_cutoff=allowed)
        if distance <= allowed:
            best = max(best, FUZZY_SCORE * (1.0 - distance / len(asked)))
    return best


@dataclass(frozen=True, slots=True, eq=False)
class TextIndex:
    """``words`` sorted.

    ``start`` int64[words + 1] into ``record`` int32: the records of each word; ``size`` int32[records]: words in
    each.
    """

    words: pa.StringArray
    length: Ints
    signature: npt.NDArray[np.uint64]
    start: Offsets
    record: Ints
    size: Ints

    @staticmethod
    def of(texts: pa.ChunkedArray) -> TextIndex:
        """The index of folded texts, one a record; O(words log words)."""
        column = texts.combine_chunks()
        if isinstance(column, pa.ChunkedArray):
            column = pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], pa.string())
        split = pc.split_pattern(column, " ")
        size = pc.list_value_length(split).fill_null(0).to_numpy(zero_copy_only=False).astype(np.int32)
        encoded = split.flatten().dictionary_encode()
        order = pc.sort_indices(encoded.dictionary).to_numpy()
        place = np.empty(len(order), dtype=np.int32)
        place[order] = np.arange(len(order), dtype=np.int32)
        codes = place[encoded.indices.to_numpy(zero_copy_only=False)]
        records = np.repeat(np.arange(len(size), dtype=np.int32), size)
        start = np.zeros(len(order) + 1, dtype=np.int64)
        np.cumsum(np.bincount(codes, minlength=len(order)), out=start[1:])
        words = encoded.dictionary.take(pa.array(order))
        lengths = pc.utf8_length(words).to_numpy(zero_copy_only=False).astype(np.int32)
        return TextIndex(words, lengths, _signatures(words), start, records[np.argsort(codes, kind="stable")], size)

    def matches(self, asked: str) -> dict[int, float]:
        """The words that meet the one asked for, by place, with their scores; O(words) with a small constant."""
        scores: dict[int, float] = {}
        first, last = self._prefix_range(asked)
        if first < last:
            exact = self.words[first].as_py() == asked
            if len(asked) >= PREFIX_LEAST:
                scores.update(dict.fromkeys(range(first, last), PREFIX_SCORE))
            if exact:
                scores[first] = 1.0
        allowed = edits_allowed(asked)
        if allowed:
            near = np.abs(self.length - len(asked)) <= allowed
            near &= np.bitwise_count(self.signature ^ _signatures(pa.array([asked]))[0]) <= 2 * allowed
            places = np.flatnonzero(near)
            for place, word in zip(places.tolist(), self.words.take(pa.array(places)).to_pylist(), strict=True):
                score = word_score(asked, word)
                if score > scores.get(place, 0.0):
                    scores[place] = score
        return scores

    def records_of(self, asked: str) -> tuple[Ints, npt.NDArray[np.float64]]:
        """The records in which a word is met, ascending, with the best score in each."""
        met = self.matches(asked)
        if not met:
            return np.zeros(0, dtype=np.int32), np.zeros(0)
        runs = [self.record[self.start[place] : self.start[place + 1]] for place in met]
        records = np.concatenate(runs)
        scores = np.repeat(list(met.values()), [len(run) for run in runs])
        order = np.lexsort((-scores, records))
        distinct, first = np.unique(records[order], return_index=True)
        return distinct, scores[order][first]

    def _prefix_range(self, asked: str) -> tuple[int, int]:
        """The places of the words that begin with the text: words are sorted as UTF-8, which is code point order."""
        first = self._bisect(asked)
        return first, max(first, self._bisect(asked + chr(0x10FFFF)))

    def _bisect(self, text: str) -> int:
        low, high = 0, len(self.words)
        while low < high:
            middle = (low + high) // 2
            if self.words[middle].as_py() < text:
                low = middle + 1
            else:
                high = middle
        return low


def _signatures(words: pa.StringArray) -> npt.NDArray[np.uint64]:
    """A bit for each ASCII letter that occurs in a word (modulo 64); one edit flips two bits at the most."""
    if not len(words):
        return np.zeros(0, dtype=np.uint64)
    _, offset_buffer, data_buffer = words.buffers()
    offsets = np.frombuffer(offset_buffer, dtype=np.int32)[words.offset : words.offset + len(words) + 1]
    data = np.frombuffer(data_buffer, dtype=np.uint8) if data_buffer else np.zeros(0, dtype=np.uint8)
    data = data[offsets[0] : offsets[-1]]
    bits = np.where(data < 128, np.uint64(1) << (data & 63).astype(np.uint64), np.uint64(0))  # ASCII
    begins = offsets[:-1] - offsets[0]
    empty = begins == offsets[1:] - offsets[0]
    padded = np.append(bits, np.uint64(0))
    signatures = np.bitwise_or.reduceat(padded, begins)
    signatures[empty] = 0
    return signatures
