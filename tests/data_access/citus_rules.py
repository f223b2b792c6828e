"""Would Citus run a statement? Its rules for tables that are spread by account_id, over the parsed text of the statement.

A statement within one account runs whole on one node, and then everything goes. Else tables meet on account_id, a subquery that
looks outward does so on account_id and neither limits, sorts out nor adds up, and there is no locking, recursion or grouping set.
What stands alone in a subquery or a WITH is computed first and handed around: it may be joined to anything.
"""

import re
from collections.abc import Iterator

import sqlglot
from sqlglot import exp

COLUMN = "account_id"


def shape(statement: str) -> str:
    """The statement without the names of its parameters, and one of those in a list."""
    return re.sub(r"(\$1(::\w+)?)(, \$1(::\w+)?)+\)", r"\1)", re.sub(r"%\(\w+\)s", "$1", statement)).replace("%%", "%")


def broken_rules(statement: str, growth: set[str]) -> list[str]:
    """What Citus would refuse in `statement`, in words; `growth` names the tables that are spread."""
    tree = sqlglot.parse_one(shape(statement), read="postgres")
    if not any(table.name in growth for table in tree.find_all(exp.Table)):
        return []
    return [*_of_whole(tree, growth), *(why for select in tree.find_all(exp.Select) for why in _of(select, growth))]


def _of_whole(tree: exp.Expression, growth: set[str]) -> Iterator[str]:
    if isinstance(tree, exp.Insert):
        target = tree.this.find(exp.Table).name
        columns = {column.name for column in tree.this.expressions}
        if target in growth and COLUMN not in columns:
            yield f"a row of {target} without {COLUMN}"
        conflict = tree.args.get("conflict")
        if (
            target in growth
            and conflict
            and COLUMN not in {key.name for key in conflict.args.get("conflict_keys") or ()}
        ):
            yield f"ON CONFLICT of {target} without {COLUMN}"
        if target not in growth:
            yield f"{target}, which every node has, filled from rows of some nodes"
    if isinstance(tree, exp.Update):
        target = tree.this.name
        if target not in growth:
            yield f"{target}, which every node has, changed by rows of some nodes"
        elif any(isinstance(change, exp.EQ) and change.this.name == COLUMN for change in tree.expressions):
            yield f"a row of {target} moved to another account"


def _of(select: exp.Select, growth: set[str]) -> Iterator[str]:
    spread = _spread(select, growth)
    same = _Same(select)
    if same.fixed(spread) and all(same.joined(select, spread)):
        return  # one account: all of it runs on one node
    if not all(same.joined(select, spread)):
        yield f"{_names(spread)} joined without {COLUMN}"
    if spread and select.args.get("locks"):
        yield f"rows of {_names(spread)} locked in more than one account"
    if spread and any(select.find_all(exp.Rollup, exp.Cube, exp.GroupingSets)):
        yield f"grouping sets over {_names(spread)}"
    if (
        (with_ := select.args.get("with_"))
        and with_.recursive
        and any(_spread(inner, growth) for inner in with_.find_all(exp.Select))
    ):
        yield "recursion over more than one account"
    if spread and _looks_outward(select):
        yield from _of_correlated(select, spread, growth)
    if spread and (select.args.get("group") or any(_adds_up(part) for part in select.expressions)):
        for part in select.expressions:
            if part.find(exp.Subquery):
                yield "a scalar subquery beside an aggregate"


def _adds_up(part: exp.Expression) -> bool:
    """Is there an aggregate in it that is its own query's?"""
    own = part.find_ancestor(exp.Select)
    return any(
        found.find_ancestor(exp.Select) is own and not isinstance(found.parent, exp.Window)
        for found in part.find_all(exp.AggFunc)
    )


def _of_correlated(select: exp.Select, inner: dict[str, str], growth: set[str]) -> Iterator[str]:
    outer = select.find_ancestor(exp.Select)
    spread_outside = _spread(outer, growth) if outer is not None else {}
    if not spread_outside:
        yield f"{_names(inner)} looked up from rows that every node has"
        return
    same = _Same(select, outer)
    pairs = ((f"{a}.{COLUMN}", f"{b}.{COLUMN}") for a in inner for b in spread_outside)
    if not any(same.equal(*pair) for pair in pairs):
        yield f"{_names(inner)} looked up from {_names(spread_outside)} without {COLUMN}"
    if select.args.get("limit") or select.args.get("offset"):
        yield f"a limit in {_names(inner)}, looked up from another query"
    group = select.args.get("group")
    by = {column.name for column in group.find_all(exp.Column)} if group else set()
    if COLUMN not in by and (group or any(_adds_up(part) for part in select.expressions)):
        yield f"a sum of {_names(inner)}, looked up from another query"


class _Same:
    """Which columns a query holds equal, by its own conditions."""

    def __init__(self, *selects: exp.Select) -> None:
        self._groups: list[set[str]] = []
        for select in selects:
            sources = [source.alias_or_name for source in _sources(select)]
            alone = sources[0] if len(sources) == 1 else ""
            for condition in _conditions(select):
                if isinstance(condition, exp.EQ):
                    self._add(_term(condition.left, alone), _term(condition.right, alone))

    def _add(self, left: str | None, right: str | None) -> None:
        if left is None or right is None:
            return
        touched = [group for group in self._groups if left in group or right in group]
        self._groups = [group for group in self._groups if group not in touched]
        self._groups.append({left, right}.union(*touched))

    def equal(self, left: str, right: str) -> bool:
        return any(left in group and right in group for group in self._groups)

    def fixed(self, spread: dict[str, str]) -> bool:
        """Is the account of one of them given?"""
        return any(self.equal(f"{alias}.{COLUMN}", "given") for alias in spread)

    def joined(self, select: exp.Select, spread: dict[str, str]) -> Iterator[bool]:
        aliases = list(spread)
        return (self.equal(f"{aliases[0]}.{COLUMN}", f"{other}.{COLUMN}") for other in aliases[1:])


def _term(side: exp.Expression, alone: str) -> str | None:
    while isinstance(side, exp.Cast | exp.Paren):
        side = side.this
    if isinstance(side, exp.Column):
        return f"{side.table or alone}.{side.name}"
    return "given" if isinstance(side, exp.Parameter | exp.Placeholder | exp.Literal) else None


def _conditions(select: exp.Select) -> Iterator[exp.Expression]:
    """What must hold: the parts of WHERE and of each ON that are joined by AND."""
    places = [select.args["where"].this] if select.args.get("where") else []
    places += [join.args["on"] for join in select.args.get("joins") or () if join.args.get("on")]
    for place in places:
        whole = place.unnest()
        yield from (part.unnest() for part in whole.flatten()) if isinstance(whole, exp.And) else (whole,)


def _sources(select: exp.Select) -> Iterator[exp.Expression]:
    if source := select.args.get("from_"):
        yield source.this
    yield from (join.this for join in select.args.get("joins") or ())


def _spread(select: exp.Select, growth: set[str]) -> dict[str, str]:
    """The growth tables that a query itself reads, by alias; a WITH of the same name is none."""
    named = {cte.alias for with_ in _withs(select) for cte in with_.expressions}
    tables = (source for source in _sources(select) if isinstance(source, exp.Table))
    return {table.alias_or_name: table.name for table in tables if table.name in growth and table.name not in named}


def _withs(select: exp.Expression | None) -> Iterator[exp.With]:
    while select is not None:
        if with_ := select.args.get("with_"):
            yield with_
        select = select.parent


def _looks_outward(select: exp.Select) -> bool:
    """Does it take a column from a query around it?"""
    own = {source.alias_or_name for inner in select.find_all(exp.Select) for source in _sources(inner)}
    return any(column.table and column.table not in own for column in select.find_all(exp.Column))


def _names(spread: dict[str, str]) -> str:
    return " and ".join(sorted(set(spread.values())))
