-- phase: 00_notes
-- Rolled back when it is done. What the named statements return is in test_notes.yml.
insert into public.notes (body, created_at) values ('from the test', now() + interval '1 minute');

-- name: newest
select public.recent_notes(1) as recent;

-- name: none asked for
select jsonb_array_length(public.recent_notes(0) -> 'notes') as notes;
