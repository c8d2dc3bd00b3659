from collections.abc import Iterator

import pytest

from steelyard.tables import Table


@pytest.fixture(autouse=True, scope="module")
def _unchecked_doors() -> Iterator[None]:
    """Leave out the check of schemas, which takes half the time; test_weights holds the tables to them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Table, "check", lambda _self, frame, where: frame)
        yield
