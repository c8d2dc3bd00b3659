"""The ledger: what each independent voice offers for and against each hypothesis (docs/method.md, 3)."""

from __future__ import annotations

from steelyard.vocabulary import STRENGTH_KINDS


def ledger() -> str:
    """Give the query of aggregate/ledger over `offered`, one row a voice and hypothesis that it mentions.

    Within each voice only its best statement for a hypothesis and its best against it count, so that a voice adds at
    most 1 however long it talks; of equals the one counts whose kind stands last in the vocabulary. `raises` adds
    nothing, and does not take a hypothesis up. Echoes count as one statement.
    """
    kinds = ", ".join(f"'{kind}'" for kind in STRENGTH_KINDS)
    return f"""
        with placed as (select *, list_position([{kinds}], kind) as place from offered),
        sides as (
            select
                voice_id, hypothesis_id,
                bool_or(stance = 'supports') as supports, bool_or(stance = 'opposes') as opposes,
                max({{'strength': strength, 'place': place}}) filter (where stance = 'supports') as pro,
                max({{'strength': strength, 'place': place}}) filter (where stance = 'opposes') as con,
                count(distinct echo_id) as statements
            from placed group by voice_id, hypothesis_id
        )
        select
            voice_id, hypothesis_id, supports, opposes, supports or opposes as takes_up, statements,
            coalesce(pro.strength, 0) as best_for, coalesce(con.strength, 0) as best_against,
            [{kinds}][pro.place] as kind_for, [{kinds}][con.place] as kind_against
        from sides
    """
