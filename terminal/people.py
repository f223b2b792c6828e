"""grant, people, disable, enable: who may do what, where; calendar-link: the address of one's own calendar."""

import argparse
from collections.abc import Callable
from typing import Any

from data_access.commands.calendar_tokens import new_token, renew, revoke
from data_access.commands.people import ROLES, Access, disable, enable, grant
from data_access.commands.refusals import NotFoundError, PeopleRefusedError
from data_access.database import Writing
from data_access.queries.people import Person, PersonRow, person_by_email, person_rows
from data_access.scope import Scope
from terminal.session import ADMINS, DONE, OPERATOR, RefusedError, Session
from terminal.shapes import table


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Register the five."""
    parser = commands.add_parser("grant", parents=[shared], help="give somebody a role and the sites that they see")
    parser.add_argument("email", metavar="EMAIL")
    parser.add_argument("role", choices=ROLES, metavar="ROLE", help=", ".join(ROLES))
    parser.add_argument("--site", dest="sites", action="append", metavar="CODE", help="may be given more than once")
    parser.add_argument("--region", dest="regions", action="append", metavar="NAME", help="every site of a region")
    parser.add_argument("--name", metavar="NAME", help="default: the name that the first sign-in brings")
    parser.add_argument(
        "--rebind", action="store_true", help="forget the sign-in known so far; the next one with this address is bound"
    )
    parser.set_defaults(run=run_grant, roles=ADMINS)
    parser = commands.add_parser("people", parents=[shared], help="list who may come in")
    parser.set_defaults(run=run_people, roles=ADMINS)
    for name, run, what in (
        ("disable", run_disable, "refuse somebody from their next click on"),
        ("enable", run_enable, "let a disabled user in again"),
    ):
        parser = commands.add_parser(name, parents=[shared], help=what)
        parser.add_argument("email", metavar="EMAIL")
        parser.set_defaults(run=run, roles=ADMINS)
    parser = commands.add_parser(
        "calendar-link", parents=[shared], help="make a new link to one's own calendar; it ends the one before"
    )
    parser.add_argument("--revoke", action="store_true", help="end the link that there is, and make none")
    parser.set_defaults(run=run_calendar_link)


def run_grant(session: Session, args: argparse.Namespace) -> int:
    """Create or change; --site and --region replace the grants there are."""
    access = Access(args.role, args.name, args.sites, args.regions, args.rebind)
    return _change(session, lambda writing: grant(writing, args.email, access))


def run_disable(session: Session, args: argparse.Namespace) -> int:
    """Disable."""
    return _change(session, lambda writing: disable(writing, args.email))


def run_enable(session: Session, args: argparse.Namespace) -> int:
    """Enable."""
    return _change(session, lambda writing: enable(writing, args.email))


def run_people(session: Session, _args: argparse.Namespace) -> int:
    """Print everybody."""
    rows = _rows(session)
    text = table(
        ["e-mail", "name", "role", "sees", "state", "last sign-in"],
        ([r.person.email, r.person.name, r.person.role, _sees(r), _state(r.person), _when(r)] for r in rows),
    )
    session.show(
        {"people": [_json(row) for row in rows]}, text if rows else "nobody yet; the first admin: grant EMAIL admin"
    )
    return DONE


def run_calendar_link(session: Session, args: argparse.Namespace) -> int:
    """Of the user of --as, or of the operator, whose link opens only where nobody signs in. It is shown once."""
    everywhere = Scope.all_sites()  # whose links are is no site's matter
    with session.database.reading(everywhere) as connection:
        person = None if session.actor == OPERATOR else person_by_email(connection, session.actor)
    user_id, token = person.id if person else None, new_token()
    try:
        session.database.writing(
            session.actor,
            everywhere,
            lambda writing: revoke(writing, user_id) if args.revoke else renew(writing, user_id, token),
        )
    except (NotFoundError, PeopleRefusedError) as error:
        raise RefusedError(str(error)) from error
    if args.revoke:
        session.show({"path": None}, "the calendar link is revoked")
    else:
        path = f"/calendar/{token}.ics"
        session.show(
            {"path": path}, f"{path}\nbehind the address of the app, for a calendar program; it is not shown again"
        )
    return DONE


def _change(session: Session, work: Callable[[Writing], Person]) -> int:
    try:
        person = session.database.writing(session.actor, session.scope, work)
    except (PeopleRefusedError, NotFoundError) as error:
        raise RefusedError(str(error)) from error
    (row,) = (row for row in _rows(session) if row.person.id == person.id)
    session.show(_json(row), f"{person.email}: {person.role}, {_state(person)}, sees {_sees(row)}")
    return DONE


def _rows(session: Session) -> list[PersonRow]:
    with session.database.reading(session.scope) as connection:
        return person_rows(connection, session.scope)


def _json(row: PersonRow) -> dict[str, Any]:
    return {
        "email": row.person.email,
        "name": row.person.name,
        "role": row.person.role,
        "sites": list(row.sites),
        "regions": list(row.regions),
        "every_site": row.person.role == "admin",
        "disabled": row.person.disabled,
        "bound": row.person.bound,
        "last_sign_in": row.last_sign_in.isoformat() if row.last_sign_in else None,
    }


def _sees(row: PersonRow) -> str:
    return "every site" if row.person.role == "admin" else ", ".join((*row.regions, *row.sites)) or "no site"


def _state(person: Person) -> str:
    return "disabled" if person.disabled else "enabled" if person.bound else "enabled, not signed in yet"


def _when(row: PersonRow) -> str:
    return row.last_sign_in.isoformat(timespec="minutes") if row.last_sign_in else "-"
