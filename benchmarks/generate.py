"""Projects of any size: each phase a table with a foreign key, an index, a SECURITY DEFINER function."""

from pathlib import Path

_SETTINGS = """\
name: generated
version: "1"
default_target: local
targets:
  local: {embedded: true}
  given: {dsn: {env: NEXIOM_BENCH_DSN}}
"""
_APPLY = """\
create table public.item_{n} (
    id bigint generated always as identity primary key,
    parent_id bigint references public.item_{p} (id),
    label text not null default '',
    created_at timestamptz not null default now()
);
create index item_{n}_parent on public.item_{n} (parent_id);
alter table public.item_{n} enable row level security;
create function public.count_{n}(p_label text default null) returns bigint
language sql stable security definer set search_path = ''
as $$ select count(*) from public.item_{n} as i where p_label is null or i.label = p_label $$;
"""
_EXPECT = """\
title: Items {n}
owner: bench
expect:
  tables:
    item_{n}: {{row_security: true, columns: {{id: bigint not null, label: text not null}}}}
  functions:
    count_{n}: {{arguments: {{p_label: text = null}}, returns: bigint, security: definer, volatility: stable}}
"""


def scripts(phases: int) -> list[str]:
    """The SQL of each phase; the first table refers to itself."""
    return [_APPLY.format(n=number, p=max(1, number - 1)) for number in range(1, phases + 1)]


def generate_project(folder: Path, phases: int) -> None:
    """Write a project of so many phases into an empty folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "nexiom.yml").write_text(_SETTINGS)
    for number, script in enumerate(scripts(phases), start=1):
        phase = folder / "phases" / f"{number:04}_items"
        phase.mkdir(parents=True)
        (phase / "apply.sql").write_text(script)
        (phase / "phase.yml").write_text(_EXPECT.format(n=number))
