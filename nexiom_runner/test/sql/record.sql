-- Nothing; from here to the end of the transaction each change of a row of these tables is noted, unless it is undone.
do $record$
declare
  relation regclass;
  waits text := pg_catalog.current_setting('lock_timeout');
begin
  perform pg_catalog.set_config('lock_timeout', '5s', true);
  foreach relation in array {relations}::pg_catalog.regclass[] loop
    execute pg_catalog.format(
      'create trigger nexiom_note after insert or update or delete on %s for each row execute function pg_temp.nexiom_note()', relation
    );
  end loop;
  perform pg_catalog.set_config('lock_timeout', waits, true);
end
$record$
