"""How good the matcher is: sets of payments and bank lines whose partners are known, and what it makes of them."""

import argparse
from collections.abc import Iterable
from typing import Any

from domain.matching.matcher import propose
from domain.matching.scores import MatchScore, score
from seed.matching import labelled
from terminal.session import ADMINS, DONE, FOUND, Session
from terminal.shapes import table


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Register `match-scores`."""
    parser = commands.add_parser(
        "match-scores",
        parents=[shared],
        help="measure the matcher on labelled sets; exit 1 unless it is as good as asked",
    )
    parser.add_argument("--random-seeds", type=_several, default=5, metavar="N", help="how many sets (default 5)")
    parser.add_argument("--first-seed", type=_several, default=1, metavar="N", help="the first of them (default 1)")
    parser.add_argument("--payments", type=_several, default=5_000, metavar="N", help="payments a set (default 5000)")
    parser.set_defaults(run=run_scores, needs_schema=False, roles=ADMINS)


def _several(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number; write 1 or more")
    return int(text)


def measured(random_seeds: Iterable[int], payments: int) -> dict[int, MatchScore]:
    """The score of each seed."""
    found = {}
    for random_seed in random_seeds:
        made = labelled(random_seed, payments)
        found[random_seed] = score(made, propose(made.payments, made.lines))
    return found


def run_scores(session: Session, args: argparse.Namespace) -> int:
    """Print precision, recall and rank of each seed; 1 where one is not good enough."""
    found = measured(range(args.first_seed, args.first_seed + args.random_seeds), args.payments)
    result = {"payments": args.payments, "seeds": [_json(random_seed, one) for random_seed, one in found.items()]}
    text = table(
        ["seed", "pairs", "made", "right", "precision", "recall", "suggested", "true first"],
        (
            [random_seed, *(f"{n:,}" for n in (one.pairs, one.made, one.right)), f"{one.precision:.4f}"]
            + [f"{one.recall:.4f}", one.suggested, f"{one.ranked:.4f}"]
            for random_seed, one in found.items()
        ),
        right=tuple(range(8)),
    )
    session.show(result, text)
    if poor := [random_seed for random_seed, one in found.items() if not one.good]:
        session.say(f"not as good as asked for seed {', '.join(map(str, poor))}")
        return FOUND
    return DONE


def _json(random_seed: int, one: MatchScore) -> dict[str, Any]:
    counts = {name: getattr(one, name) for name in ("pairs", "made", "right", "suggested", "first")}
    return (
        {"random_seed": random_seed} | counts | {"precision": one.precision, "recall": one.recall, "ranked": one.ranked}
    )
