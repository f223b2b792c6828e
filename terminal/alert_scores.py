"""How good the alert rules are: faults planted among look-alikes in databases of its own, and what was found of them."""

import argparse
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from data_access.database import Database
from data_access.migrate import upgrade
from data_access.queries.alert_findings import findings
from data_access.scope import Scope
from domain.alerts.catalog import RULES
from domain.alerts.scores import RuleScore, Sheet, scores
from domain.alerts.thresholds import Thresholds
from seed.writing import generate_with_faults, write
from terminal.session import ADMINS, DONE, FOUND, Session
from terminal.shapes import table

_SIZE = "tiny"
_ACTOR = "operator"


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Register `alert-scores`."""
    parser = commands.add_parser(
        "alert-scores", parents=[shared], help="measure the alert rules on planted faults; exit 1 unless all are found"
    )
    add_options(parser)
    parser.set_defaults(run=run_scores, needs_schema=False, roles=ADMINS)


def add_options(parser: argparse.ArgumentParser) -> None:
    """What the measurement takes."""
    parser.add_argument(
        "--random-seeds",
        type=_several,
        default=10,
        metavar="N",
        help="how many ledgers to plant faults in (default 10)",
    )


def _several(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of ledgers; write 1 or more")
    return int(text)


def run_scores(session: Session, args: argparse.Namespace) -> int:
    """Print planted, look-alikes, found, precision and recall of every rule; 1 where one is not perfect."""
    found = measured(range(1, args.random_seeds + 1), session.today)
    poor = [score.rule for score in found if not score.perfect]
    planted, tempting = (sum(getattr(score, name) for score in found) for name in ("planted", "look_alikes"))
    result = {
        "today": session.today.isoformat(),
        "random_seeds": args.random_seeds,
        "rules": [_score_json(score) for score in found],
        "perfect": not poor,
    }
    text = table(
        ["rule", "title", "planted", "look-alikes", "found", "precision", "recall"],
        (
            [
                *(score.rule, RULES[score.rule].title, score.planted, score.look_alikes, score.found),
                *(f"{score.precision:.2f}", f"{score.recall:.2f}"),
            ]
            for score in found
        ),
        right=(2, 3, 4, 5, 6),
    )
    seeds = f"{args.random_seeds} random seeds" if args.random_seeds > 1 else "1 random seed"
    session.show(result, f"{text}\n{planted:,} faults among {tempting:,} look-alikes, over {seeds}, on {session.today}")
    if poor:
        session.say(f"not every fault was found, or something else was: {', '.join(poor)}")
        return FOUND
    return DONE


def measured(random_seeds: range, today: date, only: frozenset[str] | None = None) -> list[RuleScore]:
    """One score a rule over a ledger for each seed; `only` switches the other rules off."""
    everywhere = Scope.all_sites()
    evaluated = []
    with _empty_ledgers() as empty:
        for random_seed in random_seeds:
            tables, answers = generate_with_faults(_SIZE, random_seed, today)
            sheet = sheet_of(answers)
            database = Database(f"sqlite:///{shutil.copy(empty, empty.with_name(f'{random_seed}.db'))}")
            write(database, tables, _ACTOR)
            with database.reading(everywhere) as connection:
                found = findings(connection, everywhere, today, Thresholds(), only)
            database.close()
            evaluated.append((sheet, {finding.key for finding in found if sheet.concerns(finding)}))
    return scores(evaluated)


def sheet_of(answers: dict[str, Any]) -> Sheet:
    """The answer sheet of a seed, as it is scored."""
    planted = answers["planted"]
    return Sheet(
        alerts=frozenset((alert["rule"], alert["cause"]) for alert in answers["alerts"]),
        account_ids=frozenset(entry["account_id"] for entry in planted if entry["account_id"] is not None),
        vendor_ids=frozenset(entry["vendor_id"] for entry in planted),
        look_alikes=tuple(entry["about"] for entry in planted if entry["about"] not in entry["rules"]),
    )


@contextmanager
def _empty_ledgers() -> Generator[Path]:
    """A migrated file to copy, in a directory that goes away."""
    with TemporaryDirectory(prefix="duewatch-alerts-") as directory:
        path = Path(directory) / "empty.db"
        database = Database(f"sqlite:///{path}")
        upgrade(database)
        database.close()
        yield path


def _score_json(score: RuleScore) -> dict[str, Any]:
    names = ("rule", "planted", "look_alikes", "found", "right", "precision", "recall")
    return {name: getattr(score, name) for name in names}
