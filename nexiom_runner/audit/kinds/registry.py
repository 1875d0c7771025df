"""Every kind and attribute: which query answers for it and who compares. A new kind is a line here and a file."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from nexiom_runner.audit.judgement import PASSED, Judgement, did_you_mean, differs, near_name, right_for
from nexiom_runner.audit.kinds import constraints, policies, relations, routines, triggers
from nexiom_runner.audit.kinds.database import EVENT_TRIGGER, EXTENSION, PUBLICATION
from nexiom_runner.audit.kinds.look import Attribute, Kind, Look, name_for, shown_name
from nexiom_runner.audit.kinds.read import TYPES
from nexiom_runner.audit.kinds.roles import DEFAULT_PRIVILEGES, ROLE
from nexiom_runner.audit.kinds.schemas import SCHEMA
from nexiom_runner.audit.kinds.sequences import SEQUENCE
from nexiom_runner.audit.kinds.types import DOMAIN, ENUM, TYPE
from nexiom_runner.audit.spelling import Speller
from nexiom_runner.catalog.model import Answer, Catalog, Function, Name, Row, Table
from nexiom_runner.catalog.names import qualified, quoted, routine, signature
from nexiom_runner.errors import ServerReport
from nexiom_runner.project.in_force import ObjectKey, Stated
from nexiom_runner.project.kinds.conditions import CONDITION
from nexiom_runner.project.names import nearest
from nexiom_runner.results import Outcome

KINDS: Mapping[str, Kind] = {
    "schema": SCHEMA,
    "type": TYPE,
    "enum": ENUM,
    "domain": DOMAIN,
    "sequence": SEQUENCE,
    "role": ROLE,
    "default privileges": DEFAULT_PRIVILEGES,
    "extension": EXTENSION,
    "publication": PUBLICATION,
    "event trigger": EVENT_TRIGGER,
}
OF_TABLES: Mapping[str, Attribute] = {
    **relations.ATTRIBUTES,
    **constraints.ATTRIBUTES,
    **triggers.ATTRIBUTES,
    **policies.ATTRIBUTES,
}
OF_FUNCTIONS: Mapping[str, Attribute] = routines.ATTRIBUTES
MORE = frozenset(OF_TABLES) | frozenset(OF_FUNCTIONS)  # attributes of tables and functions that are judged here


def wanted_rows(stated: Iterable[Stated]) -> dict[str, set[Name]]:
    """The objects that each query must be asked for."""
    wanted: dict[str, set[Name]] = {}
    for one in stated:
        key = one.key
        if key.kind in KINDS:
            wanted.setdefault(KINDS[key.kind].query, set()).add((key.schema, key.name))
        elif one.attribute in MORE and (attribute := _of(one)):
            wanted.setdefault(attribute.query, set()).add((key.schema, key.name))
    return wanted


def all_rows(names: Collection[Name], keys: Collection[ObjectKey]) -> dict[str, frozenset[Name]]:
    """Every query for these tables and functions, and for these objects of other kinds."""
    wanted: dict[str, set[Name]] = {}
    for query in {one.query for one in (*OF_TABLES.values(), *OF_FUNCTIONS.values())} if names else ():
        wanted.setdefault(query, set()).update(names)
    for key in keys:
        wanted.setdefault(KINDS[key.kind].query, set()).add((key.schema, key.name))
    return {query: frozenset(asked) for query, asked in wanted.items()}


def query_kinds(queries: Collection[str]) -> dict[str, str]:
    """The kind of object that each of these queries is of."""
    return {one.query: kind for kind, one in KINDS.items() if one.query in queries}


def wanted_conditions(stated: Iterable[Stated]) -> list[str]:
    """The conditions that must be asked."""
    return [str(one.value) for one in stated if one.key.kind == CONDITION]


def find_rows(key: ObjectKey, catalog: Catalog) -> Sequence[Row] | Judgement:
    """The live object of a kind with a section of its own, or why there is none."""
    if key.kind == CONDITION:
        return ()
    kind = KINDS[key.kind]
    rows = catalog.rows.get(kind.query, {})
    if isinstance(rows, ServerReport):
        return unseen(rows)
    found = rows.get((key.schema, key.name))
    return found or _missing(key, kind, catalog)


def judge_row(
    stated: Stated,
    found: Table | Function | Sequence[Row],
    named: Collection[str],
    catalog: Catalog,
    speller: Speller,
) -> Judgement:
    """One attribute of an object that is there."""
    if stated.key.kind == CONDITION:
        return _judge_condition(str(stated.value), catalog.answers.get(str(stated.value)))
    if isinstance(found, Table | Function):
        return _judge_more(stated, found, named, catalog, speller)
    kind = KINDS[stated.key.kind]
    judge = kind.attributes.get(stated.attribute)
    if judge is None:
        return PASSED
    return judge(Look(stated, found, kind.word, name_for(stated.key.schema, stated.key.name), named, catalog, speller))


def judge_absent(stated: Stated, found: object, catalog: Catalog) -> Judgement:
    """An object that must not be there; `found` is why there is none, or the object."""
    key = stated.key
    overloads = catalog.functions.get((key.schema, key.name), ()) if key.kind == "function" else ()
    if overloads:
        told = "; ".join(signature(function) for function in overloads)
        fix = "\n".join(f"drop {routine(function)};" for function in overloads)
        return differs("absent", "absent", told, None, fix)
    if isinstance(found, Judgement):
        return found if found.outcome is Outcome.ERROR else PASSED
    word = found.kind if isinstance(found, Table) else KINDS[key.kind].word
    word = {"partitioned table": "table"}.get(word, word)
    name = name_for(key.schema, key.name)
    return differs("absent", "absent", _a(word), None, f"drop {word} {name};")


def _a(word: str) -> str:
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"


def unseen(report: ServerReport) -> Judgement:
    """ERROR where the catalog does not answer, with the grant that would help."""
    kind, _, name = report.message.rpartition(" ")
    relation = kind == "permission denied for table"
    fix = f"grant select on pg_catalog.{name} to the role that audits;" if relation else None
    return Judgement(Outcome.ERROR, message=f"the catalog cannot be read: {report.message}", fix=fix)


def subject_of_row(key: ObjectKey) -> str:
    """What a result calls an object: `enum mood`, `default privileges of role app in schema crm`."""
    if key.kind == CONDITION:
        return key.name
    if key.kind == "default privileges":
        return f"{key.kind} of role {quoted(key.name)}" + (f" in schema {quoted(key.schema)}" if key.schema else "")
    return f"{key.kind} {shown_name(key.schema, key.name)}"


def _of(stated: Stated) -> Attribute | None:
    if stated.key.kind in ("table", "view"):
        return OF_TABLES.get(stated.attribute)
    return OF_FUNCTIONS.get(stated.attribute) if stated.key.kind == "function" else None


def _judge_more(
    stated: Stated, found: Table | Function, named: Collection[str], catalog: Catalog, speller: Speller
) -> Judgement:
    attribute = _of(stated)
    if attribute is None:
        return PASSED
    rows = catalog.rows.get(attribute.query, {})
    if isinstance(rows, ServerReport):
        return unseen(rows)
    mine: Sequence[Row] = rows.get((found.schema, found.name), ())
    if isinstance(found, Table):
        word = {"partitioned table": "table"}.get(found.kind, found.kind)
        name = qualified((found.schema, found.name))
    else:
        word, _, name = routine(found).partition(" ")
        types = [argument.type for argument in found.inputs]
        mine = [row for row in mine if row["types"] == types]
    return attribute.judge(Look(stated, mine, word, name, named, catalog, speller))


def _missing(key: ObjectKey, kind: Kind, catalog: Catalog) -> Judgement:
    nearby = catalog.nearby.get(key.kind, ())
    for other in TYPES - {key.kind} if key.kind in TYPES else ():
        if (key.schema, key.name) in catalog.nearby.get(other, ()):
            return differs("present", _a(key.kind), _a(other))
    names = (name for _, name in nearby)
    near = near_name((key.schema, key.name), nearby) if key.schema else nearest(key.name, names)
    fix = kind.create.format(target=f"{kind.word} {name_for(key.schema, key.name)}") if kind.create else None
    return differs("present", shown_name(key.schema, key.name), None, did_you_mean(near), None if near else fix)


def _judge_condition(text: str, answer: Answer) -> Judgement:
    if answer is True:
        return PASSED
    if isinstance(answer, ServerReport):
        fix = right_for(answer) if answer.sqlstate == "42501" else None
        return Judgement(Outcome.ERROR, message=f"{answer.message} in `{text}`", fix=fix)
    return differs("holds", "true", "null" if answer is None else "false", None, None)
