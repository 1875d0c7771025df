-- One row per policy that decides by user_metadata, which every user writes about himself.
select 'policy' as kind,
       n.nspname::text as schema,
       p.polname::text as name,
       c.relname::text as relation,
       null::text as types,
       'decides by user_metadata, which every user may set for himself' as message,
       'decide by app_metadata, or by a table that users cannot write' as fix,
       null::text as unless
from pg_policy as p
join pg_class as c on c.oid = p.polrelid
join pg_namespace as n on n.oid = c.relnamespace
where n.nspname = any({schemas}::text[])
  and concat_ws(' ', pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
      ~ '''(raw_)?user_meta_?data''|''\{{(raw_)?user_meta_?data,'
order by 2, 4, 3
