-- Runs once: tables, columns, indexes, data. To change what it made, add a phase.
create table public.notes (
  id bigint generated always as identity primary key,
  body text not null check (length(body) between 1 and 500),
  created_at timestamptz not null default now()
);

alter table public.notes enable row level security;

insert into public.notes (body) values ('Hello from nexiom.');
