"""Sources of an answer's text: byte offsets of the wire, code points of the records (wire/gemini.md 13)."""

from __future__ import annotations

from typing import Any

from ...records import Citation, Part, Text, evolve

Body = dict[str, Any]
Place = tuple[int, int]
"""Where a citation's stretch begins and ends in the whole text of an answer, in code points."""


def found_in(text: str, raw: Body) -> list[tuple[Place | None, Citation]]:
    """Every source that a candidate names, with its place in the candidate's text; None is all of it."""
    out: list[tuple[Place | None, Citation]] = []
    grounding = raw.get("groundingMetadata")
    if type(grounding) is dict:
        out += _grounded(text, grounding)
    cited = raw.get("citationMetadata")
    for item in (cited.get("citationSources") or cited.get("citations") or ()) if type(cited) is dict else ():
        uri = item.get("uri")
        if type(uri) is str:
            out.append((_place(text, item), Citation(uri, item.get("title"), native=item, dialect="gemini")))
    return out


METADATA = {"groundingMetadata": "grounding_metadata", "urlContextMetadata": "url_context_metadata"}
"""What a candidate says of its sources -> the name of it among the fields that are a provider's own."""


def metadata_of(raw: Body) -> Body:
    """What a candidate says of its sources, whole: the queries, and what must be displayed (wire/gemini.md 13)."""
    return {name: raw[key] for key, name in METADATA.items() if raw.get(key)}


def _grounded(text: str, grounding: Body) -> list[tuple[Place | None, Citation]]:
    sources = [_source(chunk) for chunk in grounding.get("groundingChunks") or ()]
    out: list[tuple[Place | None, Citation]] = []
    named = set()
    for support in grounding.get("groundingSupports") or ():
        place = _place(text, support.get("segment") or {})
        for index in support.get("groundingChunkIndices") or ():
            if 0 <= index < len(sources):
                named.add(index)
                out.append((place, sources[index]))
    out.extend((None, source) for index, source in enumerate(sources) if index not in named)
    return [(place, source) for place, source in out if source.url is not None or source.title is not None]


def _source(chunk: Body) -> Citation:
    inner: Body = next((chunk[key] for key in ("web", "retrievedContext", "maps") if type(chunk.get(key)) is dict), {})
    return Citation(inner.get("uri"), inner.get("title"), inner.get("text"), native=chunk, dialect="gemini")


def _place(text: str, segment: Body) -> Place | None:
    """A stretch given by UTF-8 offsets; where they do not lead to the quoted words, the words are looked for."""
    start, end = segment.get("startIndex") or 0, segment.get("endIndex")
    words = segment.get("text")
    if type(start) is int and type(end) is int:
        data = text.encode()
        said = data[start:end].decode(errors="replace")
        if 0 <= start < end <= len(data) and words in (None, "", said):
            begin = len(data[:start].decode(errors="replace"))
            return begin, begin + len(said)
    at = text.find(words) if type(words) is str and words else -1
    return (at, at + len(words)) if at >= 0 and type(words) is str else None


def read_citations(parts: tuple[Part, ...], raw: Body) -> tuple[Part, ...]:
    """The parts of a candidate with the sources that it names, each on the text where its stretch begins."""
    if "groundingMetadata" not in raw and "citationMetadata" not in raw:
        return parts
    texts = [part for part in parts if type(part) is Text]
    notes = found_in("".join(part.text for part in texts), raw)
    spread = spread_over([len(part.text) for part in texts], notes)
    out: list[Part] = []
    for part in parts:
        if type(part) is Text:
            out.append(evolve(part, citations=tuple(spread.pop(0))))
        else:
            out.append(part)
    return tuple(out)


def spread_over(lengths: list[int], notes: list[tuple[Place | None, Citation]]) -> list[list[Citation]]:
    """The citations of each text, by the lengths of the texts; offsets count from the text's own beginning."""
    out: list[list[Citation]] = [[] for _ in lengths]
    if not lengths:
        return out
    for place, note in notes:
        if place is None:
            out[-1].append(note)
            continue
        begin = index = 0
        while index < len(lengths) - 1 and place[0] >= begin + lengths[index]:
            begin += lengths[index]
            index += 1
        end = min(place[1] - begin, lengths[index])
        out[index].append(evolve(note, start=place[0] - begin, end=end))
    return out


def write_grounding(texts: list[Text]) -> Body:
    """The citations of an answer's texts as grounding; nothing when there are none with an address."""
    return grounding([(part.text, part.citations) for part in texts])


def grounding(texts: list[tuple[str, tuple[Citation, ...]]]) -> Body:
    """The same, of texts and their citations."""
    chunks: list[Body] = []
    supports: list[Body] = []
    begin = 0
    for text, citations in texts:
        for note in citations:
            if note.url is None:
                continue
            web = {"uri": note.url, **({"title": note.title} if note.title else {})}
            if {"web": web} not in chunks:
                chunks.append({"web": web})
            start, end = (0, len(text)) if note.start is None or note.end is None else (note.start, note.end)
            said = text[start:end]
            first = begin + len(text[:start].encode())
            segment = {"startIndex": first, "endIndex": first + len(said.encode()), "text": said}
            supports.append({"segment": segment, "groundingChunkIndices": [chunks.index({"web": web})]})
        begin += len(text.encode())
    return {"groundingChunks": chunks, "groundingSupports": supports} if chunks else {}
