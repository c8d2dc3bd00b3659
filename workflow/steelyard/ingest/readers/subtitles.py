"""Subtitles: captions become running text, with the time of each as its place."""

from __future__ import annotations

import html
import io
import re
from typing import Literal

import webvtt
import webvtt.errors

from steelyard.ingest.readers.composer import Composer, said
from steelyard.ingest.readers.file import Extract, File
from steelyard.ingest.readers.layout import AUTHOR, known_name
from steelyard.ingest.readers.transcript import plain_label

_TAG = re.compile(r"</?[^<>]{0,100}>")
_VOICE = re.compile(r"<v(?:\.[^ >]*)? (?P<name>[^>]+)>")
_CHANGE = re.compile(r"^(?:>>+|[-–—])\s*")  # another speaker, who is not named
_SOUND = re.compile(r"\[[^\]]*\]|\([^)]*\)|♪.*")  # such as [music]
_SRT = re.compile(r"\d+\s*\r?\n\d\d:\d\d:\d\d,\d{3} --> ")


class Subtitles:
    """Reads SRT and WebVTT files.

    Args:
        kind: the form.
    """

    def __init__(self, kind: Literal["srt", "vtt"]) -> None:
        """Read files of one form."""
        self._kind = kind

    def recognises(self, file: File) -> bool:
        """Say whether it begins as such a file does."""
        return bool(_SRT.match(file.head)) if self._kind == "srt" else file.head.startswith("WEBVTT")

    def read(self, file: File) -> list[Extract]:
        """Give who says what: a speaker goes on until a voice or label names another."""
        composer = Composer()
        speaker, name, last = AUTHOR, None, ""
        turn: list[tuple[str, str]] = []
        spoken: dict[str, int] = {}

        def finish() -> None:
            if turn:
                composer.say(said("post", speaker, name), *turn)
                spoken[speaker] = spoken.get(speaker, 0) + sum(len(text) for text, _ in turn)
                turn.clear()

        for time, line in _lines(file, self._kind):
            if line == last:  # captions that roll show a line twice
                continue
            last = line
            label, text = _labelled(line)
            if _SOUND.fullmatch(text):
                finish()
                composer.drop(text, "sound", time)
                continue
            if label and label != speaker:
                finish()
                speaker, name = label, known_name(label)
            if text:
                turn.append((text, time))
        finish()
        if not spoken:
            raise file.fault("holds no captions", "Take it out of the config, or fill it.")
        return [composer.extract(max(spoken, key=lambda one: spoken[one]))]


def _lines(file: File, kind: str) -> list[tuple[str, str]]:
    """Give each line of the captions with the time at which it is shown, to the second."""
    try:
        captions = webvtt.from_buffer(io.StringIO(file.text.lstrip("\ufeff")), format=kind)
    except (webvtt.errors.MalformedFileError, webvtt.errors.MalformedCaptionError, ValueError, IndexError) as failure:
        raise file.fault(f"is no valid {kind.upper()} file ({failure})", "Export it anew, or as plain text.") from None
    return [
        (caption.start.partition(".")[0], line)
        for caption in captions.captions
        for line in caption.raw_text.splitlines()
    ]


def _labelled(line: str) -> tuple[str | None, str]:
    """Part a line's speaker, if it names one, from what is said."""
    voice = _VOICE.search(line)
    text = html.unescape(_TAG.sub("", line)).strip()
    if voice:
        return html.unescape(voice["name"]).strip(), text
    text = _CHANGE.sub("", text)
    label = plain_label(text)
    return (label["name"].strip(), text[label.end() :].strip()) if label else (None, text)
