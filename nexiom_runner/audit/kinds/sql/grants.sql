-- A part of other queries: privileges of others than the owner and superusers, each with its origin, as JSON.
(
    select json_agg(json_build_object(
        'role', case a.grantee when 0 then 'PUBLIC' else coalesce(r.rolname::text, a.grantee::text) end,
        'privilege', lower(a.privilege_type),
        'of', pg_get_userbyid(coalesce(g.owner, a.grantor)),
        'schema', g.schema,
        'origin', case
            when a.grantee = 0 and __acl__ is null then 'public default'
            when a.grantor = __owner__ and g.owner is not null then 'default privileges'
            else 'granted'
        end
    ) order by a.grantee = 0, r.rolname, a.privilege_type)
    from aclexplode(coalesce(__acl__, acldefault('__type__', __owner__))) as a
    left join pg_roles as r on r.oid = a.grantee
    left join lateral (
        select d.defaclrole as owner, nullif(d.defaclnamespace, 0)::regnamespace::text as schema
        from pg_default_acl as d
        cross join lateral aclexplode(d.defaclacl) as given
        where d.defaclrole = __owner__
          and d.defaclobjtype = '__default__'
          and d.defaclnamespace in (0, __namespace__)
          and given.grantee = a.grantee
          and given.privilege_type = a.privilege_type
        order by d.defaclnamespace
        limit 1
    ) as g on true
    where a.grantee <> __owner__
      and not coalesce(r.rolsuper, false)
)
