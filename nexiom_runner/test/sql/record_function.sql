-- Nothing; makes the trigger function that notes a change of a row, as its owner, whoever makes the change.
create function pg_temp.nexiom_note() returns trigger language plpgsql security definer set search_path = '' as $note$
begin
  insert into pg_temp.nexiom_changes values (tg_relid, tg_op, tg_op = 'UPDATE' and old::text is not distinct from new::text);
  return null;
end
$note$
