"""Two projects of 150 scripts each, as teams have them, with faults planted among what is right; each is labelled."""

# ruff: noqa: S608

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

Label = tuple[str, str]  # rule, object


@dataclass(slots=True)
class Made:
    """A project on its way: files by path, and what must be found in it."""

    schema: str
    files: dict[str, str] = field(default_factory=dict)
    labels: list[Label] = field(default_factory=list)

    def write(self, root: Path) -> None:
        for path, text in self.files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, "utf-8")

    def name(self, name: str) -> str:
        """As findings call it."""
        return name if self.schema == "public" else f"{self.schema}.{name}"


def clinic() -> Made:
    """A Supabase project: everything in public, row security everywhere, definer functions with their reasons."""
    made = Made("public", {"nexiom.yml": "name: clinic\nversion: '1'\nrules: {schema-cache-stale: off}\n"})
    for number in range(75):
        _module(made, number, FAULTS.get(number, ""))
    return made


def warehouse() -> Made:
    """A project with a schema of its own behind an application: partitions, views, another naming, another order."""
    made = Made(
        "stock", {"nexiom.yml": "name: warehouse\nversion: '1'\nschemas: [stock]\nrules: {schema-cache-stale: off}\n"}
    )
    made.files["phases/000_schema/apply.sql"] = (
        "create schema stock;\ngrant usage on schema stock to anon, authenticated, service_role;\n"
    )
    for number in range(75):
        _module(made, number, FAULTS.get(74 - number, ""))
    return made


# Number of the module → what is wrong in it.
FAULTS = {
    3: "no policy",
    7: "open table",
    11: "definer without path",
    15: "definer unexplained",
    19: "no index",
    23: "duplicate index",
    27: "always true",
    31: "definer view",
    35: "shadow",
    39: "stable writes",
    43: "unqualified",
    47: "injectable",
    51: "resets",
    55: "revoke",
    59: "no key",
    63: "per row",
    67: "not valid",
    71: "null aggregate",
}


def _module(made: Made, number: int, fault: str) -> None:
    """A table with its index, policy and function, as most phases are; `fault` changes one thing."""
    s, t, phase = made.schema, f"m{number}", f"{number + 1:03}_m{number}"
    table, function = f"{s}.{t}", f"{s}.count_{t}"
    made.files[f"phases/{phase}/apply.sql"] = "".join(_tables(made, number, table, t, fault))
    made.files[f"phases/{phase}/repeatable/count_{t}.sql"] = "".join(_function(made, number, table, t, function, fault))
    if fault == "shadow":
        shadow = f"{function}(p_owner text, p_limit integer default 10)"
        made.files[f"phases/{phase}/repeatable/shadow_{t}.sql"] = (
            f"create or replace function {shadow} returns int language sql as 'select 1';\n"
            f"revoke execute on function {function}(text, integer) from public, anon, authenticated;\n"
        )
        made.labels.append(("shadow-overload", f"function {made.name('count_' + t)}(text, integer)"))
    made.files[f"phases/{phase}/phase.yml"] = _phase(made, number, t, fault)


def _tables(made: Made, number: int, table: str, t: str, fault: str) -> Iterator[str]:
    s = made.schema
    key = "id bigint not null" if fault == "no key" else "id bigint generated always as identity primary key"
    before = f"{s}.m{number - 1}" if number and (number - 1) not in (59, 15) else None
    yield f"create table {table} (\n  {key},\n  owner name not null default current_user,\n  note text"
    refers = before is not None and not (made.schema == "stock" and (number - 1) == 15)
    yield f",\n  before_id bigint constraint {t}_before references {before} (id) on delete cascade" if refers else ""
    yield "\n);\n"
    if refers and fault != "no index":
        yield f"create index {t}_before_id on {table} (before_id);\n"
    yield f"create index {t}_owner on {table} (owner, id);\n"
    if fault == "duplicate index":
        yield f"create index {t}_owner_again on {table} (owner, id);\n"
        made.labels.append(("duplicate-index", f"index {t}_owner_again on {made.name(t)}"))
    if fault != "open table":
        yield f"alter table {table} enable row level security;\n"
    yield f"revoke all on table {table} from public, anon, authenticated;\n"
    yield f"grant select, insert, update, delete on table {table} to service_role;\n"
    yield f"grant select, update on table {table} to authenticated;\n"
    yield from _policies(made, table, t, fault)
    yield f"create view {made.schema}.{t}_shown with (security_invoker = true) as select id, note from {table};\n"
    yield f"grant select on {made.schema}.{t}_shown to authenticated;\n"
    if fault == "definer view":
        yield f"create view {made.schema}.{t}_all as select id, note from {table};\n"
        yield f"grant select on {made.schema}.{t}_all to anon;\n"
        made.labels.append(("definer-view", f"view {made.name(t + '_all')}"))
    if fault == "not valid":
        yield f"alter table {table} add constraint {t}_noted check (note <> '') not valid;\n"
        made.labels.append(("constraint-not-valid", f"constraint {t}_noted on {made.name(t)}"))
    if fault == "resets":
        yield from _reset(made, t)
    _label_table(made, t, fault, refers=refers)


def _reset(made: Made, t: str) -> Iterator[str]:
    head = f"function {made.schema}.touch_{t}() returns int language sql stable"
    yield f"create {head} security definer set search_path = '' as 'select 1';\n"
    yield f"create or replace {head} as 'select 2';\n"
    yield f"revoke execute on function {made.schema}.touch_{t}() from public, anon, authenticated;\n"
    made.labels.append(("or-replace-resets", f"function {made.name('touch_' + t)}()"))


def _label_table(made: Made, t: str, fault: str, *, refers: bool) -> None:
    if fault == "open table":
        made.labels.append(("row-security-off", f"table {made.name(t)}"))
    if fault == "no key":
        made.labels.append(("no-primary-key", f"table {made.name(t)}"))
    if fault == "no index":
        assert refers
        made.labels.append(("foreign-key-without-index", f"constraint {t}_before on {made.name(t)}"))


def _policies(made: Made, table: str, t: str, fault: str) -> Iterator[str]:
    if fault == "open table":
        return
    if fault == "no policy":
        made.labels.append(("row-security-without-policy", f"table {made.name(t)}"))
        return
    yield f"create policy {t}_read on {table} for select to authenticated using (true);\n"
    if fault == "always true":
        yield f"create policy {t}_write on {table} for update to authenticated using (true);\n"
        made.labels.append(("policy-always-true", f"policy {t}_write on {made.name(t)}"))
    elif fault == "per row":
        yield f"create policy {t}_write on {table} for update to authenticated using (owner = current_setting('x'));\n"
        made.labels.append(("policy-per-row", f"policy {t}_write on {made.name(t)}"))
    else:
        yield f"create policy {t}_write on {table} for update to authenticated using (owner = (select current_user));\n"


def _function(made: Made, number: int, table: str, t: str, function: str, fault: str) -> Iterator[str]:
    shown = made.name(f"count_{t}")
    label = made.labels.append
    yield f"create or replace function {function}(p_owner text default null)\nreturns jsonb\n"
    path = "" if fault == "definer without path" else "set search_path = ''\n"
    volatility = "volatile" if number % 3 == 0 and fault != "stable writes" else "stable"
    if fault == "injectable":
        yield f"language plpgsql {volatility} security definer\n{path}as $$\ndeclare n bigint;\nbegin\n"
        yield f"  execute 'select count(*) from {table} where owner = ''' || p_owner || '''' into n;\n"
        yield "  return jsonb_build_object('n', n, 'items', '[]'::jsonb);\nend\n$$;\n"
        label(("injectable-execute", f"function {shown}(text)"))
    elif fault == "stable writes":
        yield f"language plpgsql stable security definer\n{path}as $$\nbegin\n"
        yield f"  update {table} set note = note where owner = p_owner;\n"
        yield "  return jsonb_build_object('n', 0, 'items', '[]'::jsonb);\nend\n$$;\n"
        label(("stable-that-writes", f"function {shown}(text)"))
    else:
        read = t if fault == "unqualified" else table
        items = "jsonb_agg(c.id)" if fault == "null aggregate" else "coalesce(jsonb_agg(c.id), '[]')"
        yield f"language sql {volatility} security definer\n{path}as $$\n"
        yield f"  select jsonb_build_object('n', count(*), 'items', {items})\n"
        yield f"  from {read} as c\n  where p_owner is null or c.owner = p_owner\n$$;\n"
        if fault == "null aggregate":
            label(("aggregate-over-no-rows", f"function {shown}(text)"))
        if fault == "unqualified":
            label(("definer-unqualified-name", f"function {shown}(text)"))
    if fault == "definer without path":
        label(("definer-search-path", f"function {shown}(text)"))
    if fault == "definer unexplained":
        label(("definer-exposed", f"function {shown}(text)"))
    taken = "authenticated" if fault == "revoke" else "public, anon, authenticated, service_role"
    yield f"revoke execute on function {function}(text) from {taken};\n"
    if fault == "revoke":
        label(("revoke-without-effect", f"function {shown}"))
    yield f"grant execute on function {function}(text) to authenticated;\n"
    yield f"comment on function {function}(text) is 'How many rows of {t} there are.';\n"


def _phase(made: Made, number: int, t: str, fault: str) -> str:
    reason = "" if fault == "definer unexplained" else "\n      reason: Staff count what they may not list"
    name = made.name(f"count_{t}")
    return (
        f"title: Module {number}\nowner: team{number % 4}\nexpect:\n  functions:\n    {name}:\n"
        f"      arguments: {{p_owner: text = null}}\n      returns: jsonb\n      security: definer{reason}\n"
        "      result: {n: int >= 0, items: [any]}\n"
    )
