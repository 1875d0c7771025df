"""Who may do what, compared with who should: exact sets, the owner and superusers left out, PUBLIC counted."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from nexiom_runner.audit.judgement import PASSED, Judgement, did_you_mean, differs
from nexiom_runner.catalog.model import PUBLIC, Catalog, Function, Grant, Table
from nexiom_runner.catalog.names import qualified, quoted_role, routine
from nexiom_runner.project.model import GrantExpectation
from nexiom_runner.project.names import nearest
from nexiom_runner.results import Difference, Outcome

Written = Callable[[Sequence[str]], str]


def judge_execute(roles: Sequence[str], function: Function, catalog: Catalog) -> Judgement:
    """EXECUTE of a function: exactly these roles."""
    held = {grant.role: grant for grant in function.grants if grant.privilege == "execute"}
    expected = counted(roles, function.owner, catalog)
    missing, extra = expected - held.keys(), held.keys() - expected
    if not missing and not extra:
        return PASSED
    notes = [_why_missing(role, held, catalog) for role in sorted(missing)] + [
        why(held[role]) for role in _sorted(extra)
    ]
    give, take = {role: {"execute"} for role in missing}, {role: {"execute"} for role in extra}
    fix = None if _misnamed(roles, catalog) else _fix(routine(function), give, take)
    note = "; ".join(note for note in notes if note) or None
    return differs("execute", listed(expected), listed(held), note, fix)


def judge_grants(expected: Sequence[GrantExpectation], table: Table, catalog: Catalog) -> Judgement:
    """The privileges on a table: exactly these, of exactly these roles."""
    on = f"table {qualified((table.schema, table.name))}"
    return judge_privileges(expected, table.grants, table.owner, on, catalog)


def judge_privileges(
    expected: Sequence[GrantExpectation],
    grants: Sequence[Grant],
    owner: str,
    on: str,
    catalog: Catalog,
    written: Written = ", ".join,
) -> Judgement:
    """The privileges on `on` (`schema crm`): exactly these, of exactly these roles; `written` puts them in a fix."""
    held: dict[str, dict[str, Grant]] = {}
    for grant in grants:
        held.setdefault(grant.role, {})[grant.privilege] = grant
    counts = counted((grant.role for grant in expected), owner, catalog)
    wanted = {grant.role: set(grant.privileges) for grant in expected if grant.role in counts}
    differences, give, take = [], {}, {}
    for role in _sorted(held.keys() | wanted.keys()):
        want, have = wanted.get(role, set()), held.get(role, {})
        if want == have.keys():
            continue
        give[role], take[role] = want - have.keys(), have.keys() - want
        notes = dict.fromkeys(why(have[privilege]) for privilege in sorted(take[role]))
        if give[role]:
            notes.update(dict.fromkeys(_why_not(role, give[role], held, catalog)))
        differences.append(
            Difference(f"grants {role}", listed(want, "none"), listed(have, "none"), "; ".join(notes) or None)
        )
    if not differences:
        return PASSED
    guess = _misnamed((grant.role for grant in expected), catalog)
    return Judgement(Outcome.FAIL, tuple(differences), fix=None if guess else _fix(on, give, take, written))


def _why_not(
    role: str, missing: Collection[str], held: Mapping[str, Mapping[str, Grant]], catalog: Catalog
) -> Iterator[str]:
    """Why a role does not hold what it should: it is not there, or has it by membership alone."""
    absent = _absent(role, catalog)
    if absent:
        yield absent
    elif role != PUBLIC:
        for other in catalog.roles[role].memberships:
            if set(missing) <= held.get(other, {}).keys():
                yield f"{role} has it only as a member of {other}"


def counted(roles: Iterable[str], owner: str, catalog: Catalog) -> set[str]:
    """The roles that are compared: neither the owner nor a superuser, who may do everything anyway."""
    return {role for role in roles if role != owner and not (role in catalog.roles and catalog.roles[role].superuser)}


def why(grant: Grant) -> str:
    """How a role came to a privilege."""
    if grant.origin == "public default":
        return "PUBLIC by default: no grant was ever revoked"
    if grant.origin == "default privileges":
        where = f" in schema {grant.schema}" if grant.schema else ""
        return f"granted to {grant.role} by default privileges of role {grant.of}{where}"
    return f"granted to {grant.role} by {grant.of}"


def listed(names: Collection[str], none: str = "nobody") -> str:
    """Names in one order, PUBLIC last."""
    return ", ".join(_sorted(names)) or none


def _sorted(names: Collection[str]) -> list[str]:
    return sorted(names, key=lambda name: (name == PUBLIC, name))


def _why_missing(role: str, held: Mapping[str, Grant], catalog: Catalog) -> str | None:
    absent = _absent(role, catalog)
    if absent or role == PUBLIC:
        return absent
    through = next((other for other in catalog.roles[role].memberships if other in held), None)
    return f"{role} has it only as a member of {through}" if through else None


def _absent(role: str, catalog: Catalog) -> str | None:
    if role == PUBLIC or role in catalog.roles:
        return None
    near = nearest(role, (name for _, name in catalog.nearby.get("role", ())))
    return f'role "{role}" does not exist' + (f"; {did_you_mean(near)}" if near else "")


def _misnamed(roles: Iterable[str], catalog: Catalog) -> bool:
    """Whether a role stated is not there: what to give and take is then anybody's guess."""
    return any(_absent(role, catalog) for role in roles)


def _fix(
    on: str, give: Mapping[str, Collection[str]], take: Mapping[str, Collection[str]], written: Written = ", ".join
) -> str | None:
    lines = [
        f"{verb} {written(sorted(privileges))} on {on} {word} {quoted_role(role)};"
        for verb, word, change in (("revoke", "from", take), ("grant", "to", give))
        for role, privileges in change.items()
        if privileges
    ]
    return "\n".join(lines) or None
