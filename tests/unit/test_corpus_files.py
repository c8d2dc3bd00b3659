"""The corpus' files: patterns, ids, the files beside documents, and what is wrong with any of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from steelyard.corpus_files import find, sidecars
from steelyard.study import Source, slug
from steelyard.yaml_file import YamlFile


def found(folder: Path, sources: str, **files: str) -> tuple[list[Source], list[str]]:
    """Write files (`__` is a slash, `_` a dot) and find what a config's sources name."""
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    (folder / "config.yaml").write_text(f"sources:\n{sources}", encoding="utf-8")
    made, problems = find(YamlFile(folder / "config.yaml"), folder)
    return made, [str(problem).replace(f"{folder}/", "") for problem in problems]


def test_a_pattern_stands_for_its_files_in_order_and_named_files_are_left_to_their_sources(tmp_path):
    (tmp_path / "b" / "inner").mkdir(parents=True)
    (tmp_path / "b" / "inner" / "Über Uns.md").write_text("x")
    made, problems = found(
        tmp_path,
        "  - {path: 'b/**/*.md', source_type: blog}\n  - {path: b/two.md, source_type: letter, id: second}\n",
        b__one_md="x",
        b__two_md="x",
        b__three_txt="x",
        b___hidden_md="x",
        b__one_md_meta_yaml="title: One",
    )
    assert problems == []
    assert [(one.id, one.path, one.source_type) for one in made] == [
        ("inner-uber-uns", "b/inner/Über Uns.md", "blog"),
        ("one", "b/one.md", "blog"),
        ("second", "b/two.md", "letter"),
    ]
    assert sidecars(made, tmp_path) == ["b/one.md.meta.yaml"]


def test_the_config_overrules_the_file_beside_a_document(tmp_path):
    made, problems = found(
        tmp_path,
        "  - {path: a.txt, title: Mine}\n",
        a_txt="x",
        a_txt_meta_yaml="{title: Theirs, author: Ann, source_type: talk, id: first, date: 2025-01-31}",
    )
    assert problems == []
    [one] = made
    assert (one.id, one.title, one.author, one.source_type, str(one.date)) == (
        "first",
        "Mine",
        "Ann",
        "talk",
        "2025-01-31",
    )


def test_files_that_would_share_an_id_get_a_digest_of_their_names(tmp_path):
    made, problems = found(tmp_path, "  - {path: '*.*', source_type: x}\n", a_txt="x", a_md="x", 信_txt="x")
    assert problems == []
    ids = [one.id for one in made if one.path != "config.yaml"]
    assert len(set(ids)) == 3
    assert [name.rsplit("-", 1)[0] for name in ids] == ["a", "a", "document"]


def test_all_mistakes_come_at_once(tmp_path):
    outside = tmp_path.parent / f"{tmp_path.name}-outside.txt"
    outside.write_text("x")
    (tmp_path / "links").mkdir()
    (tmp_path / "links" / "out.txt").symlink_to(outside)
    (tmp_path / "links" / "round.txt").symlink_to(tmp_path / "links" / "round.txt")
    _, problems = found(
        tmp_path,
        "  - {path: a.txt}\n"
        "  - {path: b.tex, source_type: x}\n"
        "  - {path: 'no/*.txt', source_type: x}\n"
        "  - {path: 'links/o*', source_type: x}\n"
        "  - {path: links/round.txt, source_type: x}\n"
        "  - {path: links, source_type: x}\n"
        "  - {path: c.txt, id: a, source_type: x}\n"
        "  - {path: '*.txt', id: all, source_type: x}\n"
        "  - {path: '**/../*.txt', source_type: x}\n",
        a_txt="x",
        b_txt="x",
        c_txt="x",
        c_txt_meta_yaml="titel: C",
    )
    whole = "\n".join(problems)
    for part in (
        "config.yaml:2: key 'source_type' is missing\n    Hint: Say what kind of source it is, here or in a.txt.meta",
        "config.yaml:3: there is no file b.tex\n    Hint: Did you mean 'b.txt'?",
        "config.yaml:4: no file fits no/*.txt",
        "config.yaml:5: the link links/out.txt leads out of the folder",
        "config.yaml:6: links/round.txt cannot be read (Too many levels of symbolic links)",
        "config.yaml:7: links is no file\n    Hint: For all files in it write links/*",
        "c.txt.meta.yaml:1: unknown key 'titel'\n    Hint: Did you mean 'title'?",
        "config.yaml:8: source 'a' stands twice (first at config.yaml:2)",
        "config.yaml:9: one id, 'all', for all files of *.txt",
        "config.yaml:10: the pattern **/../*.txt leads back up",
    ):
        assert part in whole, f"{part}\nis not in\n{whole}"
    assert len(problems) == 10


@pytest.mark.parametrize(
    ("name", "expected"), [("My File, v.2", "my-file-v-2"), ("Größe", "grosse"), ("000_4a", "000-4a"), ("x" * 3, "xxx")]
)
def test_slugs(name, expected):
    assert slug(name) == expected


def test_a_name_of_other_letters_gets_a_digest():
    assert slug("信件").startswith("document-")
    assert slug("信件") != slug("来信")
