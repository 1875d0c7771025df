-- One row per publication asked for by name.
select '' as schema,
       p.pubname::text as name,
       (
           select json_agg(json_build_array(n.nspname, c.relname) order by n.nspname, c.relname)
           from pg_publication_rel as r
           join pg_class as c on c.oid = r.prrelid
           join pg_namespace as n on n.oid = c.relnamespace
           where r.prpubid = p.oid
       ) as tables,
       (
           select json_agg(n.nspname order by n.nspname)
           from pg_publication_namespace as s
           join pg_namespace as n on n.oid = s.pnnspid
           where s.pnpubid = p.oid
       ) as schemas,
       p.puballtables as all_tables,
       array_to_json(array_remove(array[
           case when p.pubinsert then 'insert' end,
           case when p.pubupdate then 'update' end,
           case when p.pubdelete then 'delete' end,
           case when p.pubtruncate then 'truncate' end
       ], null)) as publish,
       p.pubviaroot as via_root,
       pg_get_userbyid(p.pubowner)::text as owner,
       obj_description(p.oid, 'pg_publication') as comment
from json_to_recordset(%(asked)s::json) as asked(schema text, name text)
join pg_publication as p on p.pubname = asked.name
