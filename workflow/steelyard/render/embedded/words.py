"""The words that the renderer itself adds to a page, in the document's language, and its dates."""

from __future__ import annotations

import datetime
from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """What Quarto writes in one language: caption words, callout titles, labels of the title block."""

    figure: str = "Figure"
    table: str = "Table"
    section: str = "Section"
    equation: str = "Equation"
    contents: str = "Table of contents"
    note: str = "Note"
    tip: str = "Tip"
    warning: str = "Warning"
    important: str = "Important"
    caution: str = "Caution"
    references: str = "References"
    footnotes: str = "Footnotes"
    abstract: str = "Abstract"
    published: str = "Published"
    modified: str = "Modified"
    author: str = "Author"
    authors: str = "Authors"
    affiliation: str = "Affiliation"
    keywords: str = "Keywords"
    skip: str = "Skip to the text"


LANGUAGES: dict[str, Words] = {
    "en": Words(),
    "de": Words(
        figure="Abbildung",
        table="Tabelle",
        section="Kapitel",
        equation="Gleichung",
        contents="Inhaltsverzeichnis",
        note="Hinweis",
        tip="Tipp",
        warning="Warnung",
        important="Wichtig",
        caution="Vorsicht",
        references="Literatur",
        footnotes="Fußnoten",
        abstract="Zusammenfassung",
        published="Veröffentlichungsdatum",
        modified="Geändert",
        author="Autor:in",
        authors="Autor:innen",
        affiliation="Zugehörigkeit",
        keywords="Schlüsselwörter",
        skip="Zum Text",
    ),
    "zh": Words(
        figure="图",
        table="表",
        section="小节",
        equation="公式",
        contents="目录",
        note="注记",
        tip="提示",
        warning="警告",
        important="重要",
        caution="注意",
        references="参考文献",
        footnotes="脚注",
        abstract="摘要",
        published="发布于",
        modified="修改于",
        author="作者",
        authors="作者",
        affiliation="单位",
        keywords="关键词",
        skip="跳到正文",
    ),
}

_ENGLISH_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_GERMAN_MONTHS = (
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
)


def words_for(language: str) -> Words:
    """Give the words of a language tag such as "de" or "zh-Hans"; a language that is not known reads English."""
    return LANGUAGES.get(language.split("-")[0].lower(), LANGUAGES["en"])


def long_date(date: datetime.date, language: str) -> str:
    """Write a date in words, as the language does."""
    match language.split("-")[0].lower():
        case "zh":
            return f"{date.year}年{date.month}月{date.day}日"
        case "de":
            return f"{date.day}. {_GERMAN_MONTHS[date.month - 1]} {date.year}"
    month = _ENGLISH_MONTHS[date.month - 1]
    if language.lower() == "en-gb":
        return f"{date.day} {month} {date.year}"
    return f"{month} {date.day}, {date.year}"
