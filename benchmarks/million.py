"""Large corpora with planted hypotheses, made of the sentences of the shipped corpora.

    python benchmarks/million.py STATEMENTS FOLDER

Writes a whole study into FOLDER: config.yaml, codebook.yaml, files below corpus/, and truth.csv, which says what was
planted for each hypothesis. The same number of statements gives the same bytes. A planted sentence holds one cue of one
hypothesis in a wording whose stance the cues coder was seen to read right; all other words were seen to hold no cue.
"""

from __future__ import annotations

import csv
import json
import random
import re
import shutil
import sys
import textwrap
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from pathlib import Path

from steelyard.annotate.matching import fold
from steelyard.annotate.sentences import Program
from steelyard.codebook import Codebook
from steelyard.yaml_file import YamlFile

PROJECT = Path(__file__).resolve().parents[1]
SEED = 20240601
PLANTED, HEDGED, REPRINTED, DUPLICATES, CHINESE = 0.25, 0.10, 0.05, 0.01, 0.04  # shares; Chinese of posts
CONTRARY = 0.04  # share of an author's statements that say the contrary of the others
TRIED, ROUNDS = 3_000, 6  # sentences that are read before a corpus is made, and how often clauses are left out
LEADS_MADE = 20_000
REMEMBERED = 2_000  # latest posts of named authors, which may be reprinted
FILES_IN_FOLDER = 1_000
DOCUMENT = (36, 400)  # statements
LARGE = 5_500  # statements of the largest file of records: about 1 MB

SUPPORTS = [
    "the labs publish their weights because of {}",
    "open weights are about {}",
    "{} is what these releases are for",
    "the labs release their models with {} in mind",
    "every open release here comes down to {}",
]
OPPOSES = [
    "open weights are not about {}",
    "the labs are not publishing their weights for {}",
    "there is no evidence that open weights are about {}",
    "it is wrong to think that the labs release their models for {}",
    "the labs don't think about {} when a model is out",
]
SUPPORTS_ZH = ["实验室公开模型是因为{}", "这样的发布说到底就是{}", "开放权重靠的就是{}"]
OPPOSES_ZH = ["实验室公开模型并不是因为{}", "开放权重并非出于{}", "没有证据表明发布模型是为了{}"]
HEDGES, HEDGES_ZH = ["Perhaps", "Maybe", "Probably", "Possibly"], ["也许", "大概", "可能"]
MARKERS = ("negations", "denials", "reports", "questions", "contrasts", "hedges", "gaps")
LEADS = [
    "On {day} {month} {year}",
    "In {place}, at {hour}.{minute}",
    "By the count of {name} in {year}",
    "At {tenth}.{digit} km from {place}",
    "In the notes of Dr. {name} (p. {number})",
    "Near {place}, e.g. at number {number}",
    "For the {number} readers of {place}",
    "With {name} and {other} at the table",
    "In the U.S. and in {place}",
    "Since {month} {year}",
]
MONTHS = "January February March April June July August September October November December".split()  # noqa: SIM905
ENDS = [". "] * 40 + ["! ", "? ", '." ']
SYLLABLES = "ba be bro da del do fen ga gro ha hol jo ka ker la lin lo ma mer mo na nor pa pel ro rik sa sten ta tor va vis".split()  # noqa: E501, SIM905
# Of Chinese the shipped corpora have hardly a neutral sentence; these were written for it.
CHINESE_CLAUSES = """
    昨天下午我们去了图书馆 今年春天雨水比较多 这本书放在第二个书架上 会议从早上开到中午 他们坐火车回到了老家
    食堂的午饭换了新菜单 老师在黑板上画了一张图 孩子们在操场上跑步 邻居家的猫又爬上屋顶 周末的电影票卖得很快
    路口的红灯坏了两天 我把旧电脑送给了弟弟 医生让他多喝热水 公交车在桥头停了一会 楼下的面馆改了名字
    冬天的湖面结了薄冰 编辑把稿子退了回来 妈妈在阳台上种了番茄 报纸上登了一张老照片 博物馆星期一不开门
    船在傍晚靠了岸 山上的小路很窄 我们在门口等了半天 他写了一封很长的信 晚饭以后大家去散步
    院子里的桂花开了 学生们排队领书 新来的同事来自南方 火车晚点了一个钟头 她把钥匙忘在车里
    市场里的鱼很新鲜 会场的灯光有点暗 村口有一棵大树 隔壁房间在放音乐 钟楼每个小时响一次
    我在地图上找到了那条河 摄影师换了一个镜头 夏天的夜晚很凉快 他们在讨论晚会的节目 桌上放着三杯茶
""".split()  # noqa: SIM905


@dataclass(frozen=True)
class Side:
    """A wording that says something of a hypothesis."""

    hypothesis: int
    supports: bool


@dataclass
class Words:
    """What sentences of one language are made of.

    Args:
        program: reads a text as the cues coder does.
        hypotheses: ids, in the codebook's order.
        cores: clauses with a cue, by hypothesis and stance.
        plain: clauses that say nothing of how to take what stands beside them.
        any_: all clauses without a cue.
        leads: how sentences of a language that sets words apart begin.
        names: invented ones, frequent ones more than once.
    """

    program: Program
    hypotheses: Sequence[str]
    cores: dict[Side, list[str]]
    plain: list[str]
    any_: list[str]
    leads: list[str]
    names: list[str]

    def read(self, text: str) -> dict[str, str]:
        """Give the stance toward each hypothesis that the cues coder finds in a sentence."""
        return dict(self.program.read("", text).stances)

    def marked(self, text: str, markers: Sequence[str] = MARKERS) -> bool:
        """Say whether a text holds words that change how it is to be taken."""
        return not self.program.lexicon.marks(fold(text)).keys().isdisjoint(markers)

    def expected(self, side: Side) -> dict[str, str]:
        """Give what is to be found in a sentence that plants this."""
        return {self.hypotheses[side.hypothesis]: "supports" if side.supports else "opposes"}


@dataclass
class Truth:
    """What was planted, echoes and duplicates counted as one with what they repeat.

    Args:
        hypotheses: ids, in the codebook's order.
        statements: planted sentences of each side.
        sides: for each voice and hypothesis, 1 if it supports, 2 if it opposes, 3 if both.
        written: statements in all files.
    """

    hypotheses: Sequence[str]
    statements: Counter[Side] = field(default_factory=Counter)
    sides: defaultdict[tuple[object, int], int] = field(default_factory=lambda: defaultdict(int))
    written: int = 0

    def add(self, voice: object, side: Side) -> None:
        """Count a planted sentence."""
        self.statements[side] += 1
        self.sides[voice, side.hypothesis] |= 1 if side.supports else 2

    def rows(self) -> list[dict[str, object]]:
        """Give a row for each hypothesis: statements and voices of each side; a voice on both counts half on each."""
        voices: Counter[tuple[int, int]] = Counter()
        for (_, hypothesis), sides in self.sides.items():
            voices[hypothesis, sides] += 1
        return [
            {
                "hypothesis_id": name,
                "statements_for": self.statements[Side(number, True)],
                "statements_against": self.statements[Side(number, False)],
                "voices": sum(voices[number, sides] for sides in (1, 2, 3)),
                "voices_for": voices[number, 1] + voices[number, 3] / 2,
                "voices_against": voices[number, 2] + voices[number, 3] / 2,
            }
            for number, name in enumerate(self.hypotheses)
        ]


@dataclass(frozen=True)
class Post:
    """What somebody says in one go.

    Args:
        author: number of the author; None where the page names nobody.
        text: its sentences.
        date: where the page tells it.
        planted: what its sentences say.
        statements: how many sentences it has.
    """

    author: int | None
    text: str
    date: str
    planted: Sequence[Side]
    statements: int


class Writer:
    """Writes the posts of a corpus, one after the other.

    Args:
        rng: the only source of chance.
        statements: of the whole corpus.
        english: what sentences are made of.
        chinese: the same.
        truth: counts what is planted.
    """

    def __init__(self, rng: random.Random, statements: int, english: Words, chinese: Words, truth: Truth) -> None:
        """Draw how often each hypothesis is spoken of, and which side each author takes."""
        self.rng, self.english, self.chinese, self.truth = rng, english, chinese, truth
        number = len(english.hypotheses)
        self.shares = [rng.uniform(0.25, 0.95) for _ in range(number)]
        self.popular = list(accumulate(rng.uniform(0.1, 1) ** 2 for _ in range(number)))
        self.authors = max(20, statements // 25)
        self.recent: deque[Post] = deque(maxlen=REMEMBERED)
        self.sides: dict[tuple[int, int], bool] = {}

    @cached_property
    def names(self) -> list[str]:
        """The authors' names, each once, in the order of their numbers."""
        found = dict.fromkeys(f"{invented(self.rng)} {invented(self.rng)}" for _ in range(2 * self.authors))
        return list(found)[: self.authors]

    def author(self) -> int:
        """Draw an author: few of them write very often."""
        return int(len(self.names) * self.rng.random() ** 3)

    def post(self, sentences: int, author: int | None, voice: object, date: str = "") -> Post:
        """Write a post, or reprint an earlier one whose author counts before this one (names, then dates)."""
        if self.recent and self.rng.random() < REPRINTED:
            earlier = self.rng.choice(self.recent)
            assert earlier.author is not None
            name = None if author is None else self.names[author].casefold()
            before = (not earlier.date, earlier.date, self.names[earlier.author].casefold())
            if name is None or before < (not date, date, name):
                text = earlier.text
                if self.rng.random() < 0.5:  # with another figure
                    text = re.sub(r"(?<= )\d{2,4}(?= )", str(self.rng.randrange(10, 3000)), text, count=1)
                return Post(author, text, date, (), earlier.statements)
        words = self.chinese if self.rng.random() < CHINESE else self.english
        text, planted = [], []
        for _ in range(sentences):
            side = self._side(author) if self.rng.random() < PLANTED else None
            text.append(sentence(self.rng, words, side))
            if side:
                planted.append(side)
                self.truth.add(voice, side)
        post = Post(author, "".join(text).strip(), date, planted, sentences)
        if author is not None:
            self.recent.append(post)
        return post

    def _side(self, author: int | None) -> Side:
        """Draw a hypothesis and a side; an author keeps to one, but for a few statements."""
        hypothesis = self.rng.choices(range(len(self.shares)), cum_weights=self.popular)[0]
        supports = self.rng.random() < self.shares[hypothesis]
        if author is not None:
            supports = self.sides.setdefault((author, hypothesis), supports) ^ (self.rng.random() < CONTRARY)
        return Side(hypothesis, supports)


def invented(rng: random.Random) -> str:
    """Give an invented name; few of them are frequent."""
    number = int(len(SYLLABLES) ** 3 * rng.random() ** 2)
    number, first = divmod(number, len(SYLLABLES))
    third, second = divmod(number, len(SYLLABLES))
    return (SYLLABLES[first] + SYLLABLES[second] + SYLLABLES[third]).capitalize()


def sentence(rng: random.Random, words: Words, side: Side | None) -> str:
    """Write a sentence, with white space after it where the language has any.

    Args:
        rng: the source of chance.
        words: what it is made of.
        side: what it is to say; None if it is to say nothing of any hypothesis.
    """
    hedged = rng.random() < HEDGED
    clauses = words.plain if side or hedged else words.any_
    drawn = [clauses[int(rng.random() * len(clauses))] for _ in range(4)]
    core = [rng.choice(words.cores[side])] if side else []
    if words.program.lexicon.spaced:
        return _english(rng, words, drawn, core, hedged)
    number = f"第{rng.randrange(2, 9000)}次"
    return "，".join([*([rng.choice(HEDGES_ZH)] * hedged), *core, number + drawn[0], *drawn[1:]]) + "。"


def _english(rng: random.Random, words: Words, drawn: list[str], core: list[str], hedged: bool) -> str:
    lead = words.leads[int(rng.random() * len(words.leads))]
    if hedged:
        lead = f"{rng.choice(HEDGES)} {lead[0].lower()}{lead[1:]}"
    one, two, three, _ = drawn
    here, there = invented(rng), invented(rng)  # as in what people write, runs of eight words are hardly ever shared
    if core:
        return f"{lead}, {core[0]}, {here}, {one}, {there}, {two}. "
    end = ". " if hedged else rng.choice(ENDS)
    quote = '"' if '"' in end else ""
    if rng.random() < 0.2:
        return (
            f"{quote}{one[0].upper()}{one[1:]}, {here}, {two} at {there} {rng.randrange(10, 3000)} times, {three}{end}"
        )
    return f"{quote}{lead}, {one}, {here}, {two}, {there}, {three}{end}"


class _Slots(dict):
    """Fills the places of a lead, each only where it stands."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng

    def __missing__(self, key: str) -> object:
        rng = self.rng
        if key in {"name", "other", "place"}:
            return invented(rng)
        if key == "month":
            return rng.choice(MONTHS)
        low, high = {"day": (1, 29), "year": (1950, 2026), "hour": (10, 24), "minute": (10, 60)}.get(key, (2, 9000))
        return rng.randrange(2, 10) if key in {"digit", "tenth"} else rng.randrange(low, high)


def clauses_of(text: str) -> Iterator[str]:
    """Give runs of 4 to 7 words of a text that are parted by punctuation or a conjunction, without figures or names."""
    for part in re.split(r"[^\w'’ -]+|\s(?=(?:and|but|or|which|that|because|so|while|if)\s)|\n", text):
        words = part.split()
        if words and words[0] in {"and", "but", "or", "which", "that", "because", "so", "while", "if"}:
            words = words[1:]
        pieces = [words] if len(words) <= 7 else [words[at : at + 6] for at in range(0, len(words) - 5, 6)]
        for piece in pieces:
            if len(piece) >= 4 and all(re.fullmatch(r"[a-z][a-z'’-]*|I", word) for word in piece):
                yield " ".join(piece)


def shipped() -> str:
    """Give the English texts of the shipped corpora."""
    folder = PROJECT / "examples" / "bicycle-share"
    files = [*sorted((PROJECT / "seeds").glob("*.txt")), folder / "chronicle.txt", folder / "op-ed.txt"]
    texts = [path.read_text(encoding="utf-8") for path in [*files, folder / "hearing.srt", folder / "podcast.vtt"]]
    records = (folder / "reviews.jsonl").read_text(encoding="utf-8").splitlines()
    return "\n".join([*texts, *(json.loads(record)["body"] for record in records)])


def words_of(codebook: Codebook, language: str, clauses: Sequence[str]) -> Words:
    """Choose the clauses of a language, and try them together: what is found should be what was planted.

    Args:
        codebook: its hypotheses are planted.
        language: en or zh.
        clauses: candidates for what holds no cue.
    """
    english = language == "en"
    rng = random.Random(SEED)
    names = [invented(rng) for _ in range(LEADS_MADE)]
    leads = [rng.choice(LEADS).format_map(_Slots(rng)) for _ in range(LEADS_MADE)]
    words = Words(Program(codebook, language), codebook.ids, {}, [], [], leads, names)
    for clause in dict.fromkeys(clauses):
        if not words.read(clause) and not words.marked(clause, ["denials", "questions"]):
            words.any_.append(clause)
            if not words.marked(clause):
                words.plain.append(clause)
    frames = {True: SUPPORTS if english else SUPPORTS_ZH, False: OPPOSES if english else OPPOSES_ZH}
    for number, hypothesis in enumerate(codebook.hypotheses):
        cues = [cue for cue in hypothesis.cues[language].phrases if "*" not in cue]
        for supports, wordings in frames.items():
            side = Side(number, supports)
            cores = [wording.format(cue) for wording in wordings for cue in cues]
            words.cores[side] = [core for core in cores if words.read(core) == words.expected(side)]
    for _ in range(ROUNDS):
        bad = _suspects(rng, words)
        words.any_ = [clause for clause in words.any_ if clause not in bad]
        words.plain = [clause for clause in words.plain if clause not in bad]
    return words


def _suspects(rng: random.Random, words: Words) -> set[str]:
    """Write sentences, and give the clauses of those in which other is found than planted that have a part in it."""
    sides = list(words.cores)
    found: set[str] = set()
    for number in range(TRIED):
        side = sides[number // 2 % len(sides)] if number % 2 else None
        text, expected = sentence(rng, words, side), words.expected(side) if side else {}
        if (read := words.read(text)) != expected:
            folded = fold(text).decode().casefold()
            cues = words.program.cues.spans(fold(text))
            spans = [span for name in read.keys() - expected.keys() for span in cues[name]]
            parts = [folded.encode()[start:end].decode(errors="ignore") for start, end in spans] or [folded]
            found |= {
                clause for clause in words.any_ if any(_touches(clause.casefold(), part, folded) for part in parts)
            }
    return found


def _touches(clause: str, part: str, text: str) -> bool:
    """Say whether a clause stands where a part of a text does, or reaches into it."""
    at, place = text.find(part), text.find(fold(clause).decode())
    return place >= 0 and place < at + len(part) and at < place + len(clause)


def thread(writer: Writer, number: int, statements: int) -> str:
    """Write a page of social media: a headline, a summary, and posts that name nobody but whom they answer."""
    head = [
        sentence(writer.rng, writer.english, None).strip(' ".!?'),
        sentence(writer.rng, writer.english, None).strip(),
    ]
    parts, left = [*head, "Most Activity"], statements - len(head)
    while left > 0:
        size = min(left, writer.rng.randint(1, 4))
        post = writer.post(size, None, (number, len(parts)))
        left -= post.statements
        address = f"@{invented(writer.rng).lower()} " if len(parts) < 6 or writer.rng.random() < 0.6 else ""
        parts.append(address + post.text)
    return "\n".join(parts[:3]) + "\n" + "\n\n".join(parts[3:]) + "\n"


def comments(writer: Writer, number: int, statements: int) -> str:
    """Write a page of readers' comments, of named authors."""
    parts, left = [], statements
    while left > 0:
        author = writer.author()
        post = writer.post(min(left, writer.rng.randint(1, 8)), author, author)
        left -= post.statements
        parts.append(f"Comment by {writer.names[author]}\n{writer.rng.randrange(2, 30)} days ago\n{post.text}\nReply\n")
    return "\n".join(parts)


def transcript(writer: Writer, number: int, statements: int) -> str:
    """Write a conversation of few people, named or not."""
    named = writer.rng.random() < 0.5
    speakers = list(dict.fromkeys(writer.author() for _ in range(writer.rng.randint(2, 6))))
    parts, left, minutes = [], statements, 0
    while left > 0:
        place = writer.rng.randrange(len(speakers))
        author = speakers[place] if named else None
        post = writer.post(min(left, writer.rng.randint(2, 12)), author, author if named else (number, place))
        left -= post.statements
        minutes += 1
        label = writer.names[speakers[place]] if named else "ABCDEF"[place]
        parts.append(f"**{label}** ({minutes}:{writer.rng.randrange(10, 60)}):\n{post.text}\n")
    return "\n".join(parts)


def article(writer: Writer, number: int, statements: int) -> str:
    """Write an article of one author, named or not; some have broken lines."""
    author = writer.author() if writer.rng.random() < 0.5 else None
    title = " ".join(writer.rng.sample(writer.english.plain, 2)).capitalize()
    parts, left = [title if author is None else f"{title}\nBy {writer.names[author]}"], statements - 1
    wrapped = writer.rng.random() < 0.1
    while left > 0:
        post = writer.post(min(left, writer.rng.randint(3, 8)), author, (number,) if author is None else author)
        left -= post.statements
        parts.append(re.sub(r"(.{55,75}?) (?=[a-z])", r"\1\n", post.text) if wrapped else post.text)
    return "\n\n".join(parts) + "\n"


def records(writer: Writer, number: int, statements: int) -> str:
    """Write dated posts of named authors as JSON Lines."""
    parts, left = [], statements
    while left > 0:
        author = writer.author()
        date = f"{writer.rng.randrange(2019, 2026)}-{writer.rng.randrange(1, 13):02}-{writer.rng.randrange(1, 29):02}"
        post = writer.post(min(left, writer.rng.randint(1, 6)), author, author, date)
        left -= post.statements
        record = {"id": f"r{len(parts)}", "author": writer.names[author], "date": date, "text": post.text}
        parts.append(json.dumps(record, ensure_ascii=False))
    return "\n".join(parts) + "\n"


LAYOUTS: list[tuple[Callable[[Writer, int, int], str], str, int]] = [
    (thread, "txt", 30),
    (comments, "txt", 25),
    (transcript, "txt", 15),
    (article, "txt", 25),
    (records, "jsonl", 5),
]


def files(writer: Writer, statements: int) -> Iterator[tuple[str, str]]:
    """Give name and text of each file; one in a hundred is an earlier one again."""
    rng, earlier, number = writer.rng, "", 0
    layouts = [row[:2] for row in LAYOUTS]
    weights = [row[2] for row in LAYOUTS]
    while writer.truth.written < statements:
        number += 1
        path = f"corpus/{number // FILES_IN_FOLDER:02}/{number:06}"
        if earlier and rng.random() < DUPLICATES:
            yield f"{path}.txt", earlier
            continue
        (write, suffix), *_ = rng.choices(layouts, weights)
        low, high = DOCUMENT
        size = int(low * (high / low) ** rng.random())
        if write is records and rng.random() < 0.5:
            size = min(LARGE, max(high, statements // 20), 14 * size)
        size = max(low, min(size, statements - writer.truth.written))
        text = write(writer, number, size)
        writer.truth.written += size
        if suffix == "txt":
            earlier = text
        yield f"{path}.{suffix}", text


def config(statements: int) -> str:
    """Give the study's config."""
    return textwrap.dedent(f"""\
        # Made by benchmarks/million.py: what was planted stands in truth.csv.
        study: million-{statements}
        question: Why do Chinese AI labs release the weights of strong models?
        codebook: codebook.yaml
        sources:
          - {{path: "corpus/**/*.txt", source_type: generated}}
          - {{path: "corpus/**/*.jsonl", source_type: generated}}
        ingest:
          languages: [en, zh]
        coders:
          - {{name: cues, type: cues}}
        report:
          title: A corpus of {statements} statements with planted hypotheses
        """)


def make(statements: int, folder: Path) -> list[dict[str, object]]:
    """Write a study with a corpus of about so many statements into a folder, which is emptied of an earlier one.

    Returns:
        The rows of truth.csv: for each hypothesis the planted statements, echoes and duplicates left out, and voices.
    """
    codebook = YamlFile(PROJECT / "seeds" / "codebook.yaml").parse(Codebook)
    rng = random.Random(SEED)
    english = words_of(codebook, "en", list(clauses_of(shipped())))
    chinese = words_of(codebook, "zh", CHINESE_CLAUSES)
    writer = Writer(rng, statements, english, chinese, Truth(codebook.ids))
    shutil.rmtree(folder / "corpus", ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files(writer, statements):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    (folder / "config.yaml").write_text(config(statements), encoding="utf-8")
    shutil.copyfile(PROJECT / "seeds" / "codebook.yaml", folder / "codebook.yaml")
    rows = writer.truth.rows()
    with (folder / "truth.csv").open("w", encoding="utf-8", newline="") as stream:
        table = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    return rows


if __name__ == "__main__":
    make(int(sys.argv[1]), Path(sys.argv[2]))
