-- One row per default privilege that gives an API role, or everybody, whatever is created next in the project's schemas.
select 'default privileges' as kind,
       null::text as schema,
       format(
           'of %s%s', quote_ident(pg_get_userbyid(d.defaclrole)),
           case when n.nspname is null then '' else ' in ' || quote_ident(n.nspname) end
       ) as name,
       null::text as relation,
       null::text as types,
       format(
           '%s will hold %s on every %s created from now on',
           case when a.grantee = 0 then 'PUBLIC' else r.rolname end,
           string_agg(lower(a.privilege_type), ', ' order by a.privilege_type),
           case d.defaclobjtype when 'r' then 'table' when 'f' then 'function' else 'sequence' end
       ) as message,
       format(
           'alter default privileges for role %I%s revoke all on %s from %s;',
           pg_get_userbyid(d.defaclrole),
           case when n.nspname is null then '' else format(' in schema %I', n.nspname) end,
           case d.defaclobjtype when 'r' then 'tables' when 'f' then 'functions' else 'sequences' end,
           case when a.grantee = 0 then 'public' else quote_ident(r.rolname) end
       ) as fix,
       null::text as unless
from pg_default_acl as d
left join pg_namespace as n on n.oid = d.defaclnamespace
cross join lateral aclexplode(d.defaclacl) as a
left join pg_roles as r on r.oid = a.grantee
where d.defaclobjtype in ('r', 'f')
  and (a.grantee = 0 or r.rolname in ('anon', 'authenticated'))
  and (n.nspname is null or n.nspname = any({schemas}::text[]))
  and (d.defaclobjtype = 'r' or n.nspname is not null or a.grantee <> 0)
  and a.grantee <> d.defaclrole
  and pg_has_role(current_user, d.defaclrole, 'usage')
group by d.oid, d.defaclrole, n.nspname, d.defaclobjtype, a.grantee, r.rolname
order by 3, 6
