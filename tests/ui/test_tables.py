"""Tables that pages send: what says the same is built once, and nothing else is taken for it."""

from ui.tables import _table


def test_a_table_is_built_again_when_a_head_or_a_cell_says_something_else():
    def built(head: str, cell: str):
        return _table(((head, ("Pueblo", cell)), ("Owed", ("$1.00", "$2.00"))))

    first = built("Site", "Cologne")
    assert built("Site", "Cologne") is first
    assert first.to_pydict() == {"Site": ["Pueblo", "Cologne"], "Owed": ["$1.00", "$2.00"]}
    assert built("Site", "Munich").to_pydict()["Site"] == ["Pueblo", "Munich"]
    assert built("Place", "Cologne").column_names == ["Place", "Owed"]
