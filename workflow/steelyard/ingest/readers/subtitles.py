"""Subtitles: captions become running text, with the time of each as its place."""

from __future__ import annotations

import html
import io
import re
from collections import Counter
from typing import Literal

import webvtt
import webvtt.errors

from steelyard.errors import Problem, SteelyardError
from steelyard.ingest.readers.composer import Composer, plain, said
from steelyard.ingest.readers.file import Extract, File
from steelyard.ingest.readers.layout import AUTHOR, known_name
from steelyard.ingest.readers.transcript import plain_label

_TAG = re.compile(r"</?[^<>]{0,100}>|\{\\[^{}]{0,100}\}")  # the second kind says where on the screen a line stands
_VOICE = re.compile(r"<v(?:\.[^ >]*)? (?P<name>[^>]+)>")
_CHANGE = re.compile(r"^(?:>>+|[-–—])\s*")  # another speaker, who is not named
_SOUND = re.compile(r"\[[^\]]*\]|\([^)]*\)|♪.*")  # such as [music]
_NO_CAPTION = re.compile("WEBVTT|NOTE|STYLE|REGION")  # how a block begins that is none
_TIMES = {"srt": "00:01:02,000 --> 00:01:05,000", "vtt": "01:02.000 --> 01:05.000"}
_SHOWN = 10  # faults of one file
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
            label, text = _labelled(line)
            if (text or not label) and text in (
                "",
                last,
            ):  # captions that roll show a line twice, at first with the time of each word
                continue
            last = text or last
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
    found = [
        (caption.start.partition(".")[0], line)
        for caption in captions.captions
        for line in caption.raw_text.splitlines()
    ]
    if unread := _unread(file, kind, Counter(plain(line) for _, line in found)):
        raise SteelyardError(unread)
    return found


def _unread(file: File, kind: str, read: Counter[str]) -> list[Problem]:
    """Find lines that stand in no caption: the parser passes over what has no time, or one that is none."""
    hint = f"Is the time above it right? It is written as {_TIMES[kind]}."
    page = [plain(line) for line in file.text.splitlines()]
    problems: list[Problem] = []
    passed_over = False
    for number, (before, line, following) in enumerate(zip(["", *page], page, [*page[1:], ""], strict=False), start=1):
        passed_over = bool(line) and (passed_over or (not before and kind == "vtt" and bool(_NO_CAPTION.match(line))))
        if not line or passed_over or line.isdecimal() or "-->" in line + following:
            continue
        if not read[line]:
            problems.append(Problem(f"'{line[:40]}' stands in no caption", f"{file.where}:{number}", hint))
        read[line] -= 1
    return problems[:_SHOWN]


def _labelled(line: str) -> tuple[str | None, str]:
    """Part a line's speaker, if it names one, from what is said."""
    voice = _VOICE.search(line)
    text = html.unescape(_TAG.sub("", line)).strip()
    if voice:
        return html.unescape(voice["name"]).strip(), text
    text = _CHANGE.sub("", text)
    label = plain_label(text)
    return (label["name"].strip(), text[label.end() :].strip()) if label else (None, text)
