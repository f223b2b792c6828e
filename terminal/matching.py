"""Matching bank lines to payments from a terminal: what would be matched and why, and making what is at the bar."""

import argparse
from datetime import date
from typing import Any

from data_access.commands.matches import accept_many
from data_access.commands.refusals import LedgerRefusedError, NotFoundError
from data_access.queries.proposals import proposals
from domain.matching.proposals import Proposal, Proposals
from terminal.session import DONE, FOUND, WRITERS, RefusedError, Session
from terminal.shapes import table


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Register `match`."""
    parser = commands.add_parser(
        "match", parents=[shared], help="what bank lines match which payments, and why; --apply makes what is certain"
    )
    parser.add_argument("--as-of", type=date.fromisoformat, metavar="D", help="the day (default: today)")
    parser.add_argument("--apply", action="store_true", help="make the matches at the bar; suggestions stay")
    parser.set_defaults(run=run_match, roles=WRITERS)


def run_match(session: Session, args: argparse.Namespace) -> int:
    """Print the proposals; with --apply make those at the bar. 1 where something is left to decide."""
    if not session.scope.everything:
        raise RefusedError("bank lines belong to no site: matching is for somebody who sees every site")
    as_of = args.as_of or session.today
    with session.database.reading(session.scope) as connection:
        found = proposals(connection, session.scope, as_of)
    certain = [proposal for proposal in found.matches if proposal.automatic]
    left = [proposal for proposal in found.matches if not proposal.automatic]
    made: list[int] = []
    if args.apply and certain:
        try:
            made = session.database.writing(
                session.actor, session.scope, lambda w: accept_many(w, session.scope, certain)
            )
        except (LedgerRefusedError, NotFoundError) as error:
            raise RefusedError(f"nothing was matched: {error}; run it again") from error
    result = {
        "as_of": as_of.isoformat(),
        "certain": [_json(proposal) for proposal in certain],
        "suggestions": [_json(proposal) for proposal in left],
        "explained": [
            {"bank_line_id": x.line_id, "reason": x.reason.value, "learned": x.learned} for x in found.explained
        ],
        "calls": [{"payment_id": c.payment_id, "call_id": c.call_id, "score": c.score} for c in found.calls],
        "matched": len(made),
    }
    session.show(result, _text(found, certain, made, applied=args.apply))
    lines = {line for proposal in left for line in proposal.line_ids}
    if lines or (certain and not args.apply):
        session.say(f"{len(lines):,} bank lines need somebody to decide" if lines else "not made yet; add --apply")
        return FOUND
    return DONE


def _json(proposal: Proposal) -> dict[str, Any]:
    return {
        "shape": proposal.shape.value,
        "score": proposal.score,
        "rank": proposal.rank,
        "parts": [
            {"payment_id": part.payment_id, "bank_line_id": part.line_id, "amount_minor": part.amount}
            for part in proposal.parts
        ],
        "reasons": [{"name": r.name, "value": r.value, "points": r.points} for r in proposal.reasons],
    }


def _text(found: Proposals, certain: list[Proposal], made: list[int], *, applied: bool) -> str:
    rows = [
        (
            "certain" if proposal.automatic else f"suggestion {proposal.rank}",
            proposal.score,
            ", ".join(map(str, proposal.payment_ids)),
            ", ".join(map(str, proposal.line_ids)),
            "; ".join(f"{r.name}: {r.value}" for r in proposal.reasons),
        )
        for proposal in found.matches
    ]
    picture = table(["", "score", "payment", "bank line", "why"], rows, right=(1,))
    explained = f"{len(found.explained):,} lines explain themselves"
    what = f"matched {len(made):,} pairs" if applied else f"{len(certain):,} would be matched"
    return f"{picture}\n{what}; {len(found.matches) - len(certain):,} suggestions; {explained}"
