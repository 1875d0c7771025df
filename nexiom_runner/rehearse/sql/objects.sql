-- One row per catalog row of an object, or with 0 per one that this transaction wrote, and per role: what it is, of
-- what it is a part, its version. `stands` says whether it is shown as itself, as a change of what it is part of, or not.
with written(class, id, sub, version, parent_class, parent, stands, label, file, gone, xmin) as (
    select 'pg_class'::regclass::oid, c.oid, 0, c.ctid::text,
           case when c.relkind in ('i', 'I') then 'pg_class'::regclass::oid end,
           (select i.indrelid from pg_index as i where c.relkind in ('i', 'I') and i.indexrelid = c.oid),
           'itself', c.relkind::text, c.relfilenode, false, c.xmin
    from pg_class as c
    where c.relkind <> 't' and c.relnamespace <> 'pg_toast'::regnamespace
    union all
    select 'pg_attribute'::regclass, a.attrelid, a.attnum, a.ctid::text, 'pg_class'::regclass, a.attrelid,
           'itself', quote_ident(a.attname), 0, a.attisdropped, a.xmin
    from pg_attribute as a
    join pg_class as c on c.oid = a.attrelid and c.relkind in ('r', 'p', 'v', 'm', 'f', 'c')
    where a.attnum > 0 and (a.attrelid >= 16384 or age(a.xmin) <= 0)
      and (not a.attisdropped or age(a.xmin) <= 0)
    union all
    select 'pg_attrdef'::regclass, oid, 0, ctid::text, 'pg_class'::regclass, adrelid, 'itself', adnum::text, 0, false, xmin
    from pg_attrdef
    union all
    select 'pg_constraint'::regclass, oid, 0, ctid::text,
           case when conrelid <> 0 then 'pg_class'::regclass else 'pg_type'::regclass end,
           case when conrelid <> 0 then conrelid else contypid end,
           'itself', case when contype = 'n' then conkey[1]::text else '' end, 0, false, xmin
    from pg_constraint
    union all
    select 'pg_trigger'::regclass, oid, 0, ctid::text, 'pg_class'::regclass, tgrelid,
           case when tgisinternal then 'nothing' else 'itself' end, '', 0, false, xmin
    from pg_trigger
    union all
    select 'pg_policy'::regclass, oid, 0, ctid::text, 'pg_class'::regclass, polrelid, 'itself', '', 0, false, xmin
    from pg_policy
    union all
    select 'pg_rewrite'::regclass, oid, 0, ctid::text, 'pg_class'::regclass, ev_class,
           case when rulename = '_RETURN' then 'parent' else 'itself' end, '', 0, false, xmin
    from pg_rewrite
    union all
    select 'pg_index'::regclass, indexrelid, 0, ctid::text, 'pg_class'::regclass, indexrelid, 'parent', '', 0, false, xmin
    from pg_index
    union all
    select 'pg_sequence'::regclass, seqrelid, 0, ctid::text, 'pg_class'::regclass, seqrelid, 'parent', '', 0, false, xmin
    from pg_sequence
    union all
    select 'pg_enum'::regclass, oid, 0, ctid::text, 'pg_type'::regclass, enumtypid, 'parent', '', 0, false, xmin
    from pg_enum
    union all
    select 'pg_description'::regclass, objoid, objsubid, ctid::text, classoid, objoid, 'parent', '', 0, false, xmin
    from pg_description
    where objoid >= 16384 or age(xmin) <= 0
    union all
    select 'pg_auth_members'::regclass, roleid, member::integer, ctid::text, 'pg_authid'::regclass, roleid, 'parent', '', 0,
           false, xmin
    from pg_auth_members
    where grantor is not null
    union all
    select 'pg_publication_rel'::regclass, oid, 0, ctid::text, 'pg_publication'::regclass, prpubid, 'parent', '', 0, false, xmin
    from pg_publication_rel
    union all
    select 'pg_publication_namespace'::regclass, oid, 0, ctid::text, 'pg_publication'::regclass, pnpubid, 'parent', '', 0,
           false, xmin
    from pg_publication_namespace
    union all
    select 'pg_type'::regclass, oid, 0, ctid::text, null, null, 'itself', '', 0, false, xmin
    from pg_type
    where typtype in ('b', 'd', 'e', 'r') and typcategory <> 'A'
    union all
    select o.class, o.id, 0, o.version, null, null, 'itself', '', 0, false, o.xmin
    from (
        select 'pg_proc'::regclass::oid, oid, ctid::text, xmin from pg_proc
        union all select 'pg_namespace'::regclass, oid, ctid::text, xmin from pg_namespace where nspname !~ '^pg_'
        union all select 'pg_extension'::regclass, oid, ctid::text, xmin from pg_extension
        union all select 'pg_default_acl'::regclass, oid, ctid::text, xmin from pg_default_acl
        union all select 'pg_event_trigger'::regclass, oid, ctid::text, xmin from pg_event_trigger
        union all select 'pg_publication'::regclass, oid, ctid::text, xmin from pg_publication
        union all select 'pg_statistic_ext'::regclass, oid, ctid::text, xmin from pg_statistic_ext
        union all select 'pg_operator'::regclass, oid, ctid::text, xmin from pg_operator
        union all select 'pg_opclass'::regclass, oid, ctid::text, xmin from pg_opclass
        union all select 'pg_opfamily'::regclass, oid, ctid::text, xmin from pg_opfamily
        union all select 'pg_cast'::regclass, oid, ctid::text, xmin from pg_cast
        union all select 'pg_collation'::regclass, oid, ctid::text, xmin from pg_collation
        union all select 'pg_conversion'::regclass, oid, ctid::text, xmin from pg_conversion
        union all select 'pg_language'::regclass, oid, ctid::text, xmin from pg_language
        union all select 'pg_transform'::regclass, oid, ctid::text, xmin from pg_transform
        union all select 'pg_am'::regclass, oid, ctid::text, xmin from pg_am
        union all select 'pg_foreign_data_wrapper'::regclass, oid, ctid::text, xmin from pg_foreign_data_wrapper
        union all select 'pg_foreign_server'::regclass, oid, ctid::text, xmin from pg_foreign_server
        union all select 'pg_ts_config'::regclass, oid, ctid::text, xmin from pg_ts_config
        union all select 'pg_ts_dict'::regclass, oid, ctid::text, xmin from pg_ts_dict
        union all select 'pg_ts_parser'::regclass, oid, ctid::text, xmin from pg_ts_parser
        union all select 'pg_ts_template'::regclass, oid, ctid::text, xmin from pg_ts_template
    ) as o(class, id, version, xmin)
),
-- What this transaction wrote is what is visible while its transaction, or one within it, is in progress. A row's xmin
-- has 32 bits of the 64 that pg_xact_status asks for: it is the nearest such number to the newest transaction's.
seen as materialized (
    select w.*, (pg_snapshot_xmax(pg_current_snapshot())::text::bigint) as newest, w.xmin::text::bigint as short
    from written as w
    where ({everything} = 1 and w.id >= 16384) or age(w.xmin) <= 0
),
own as (
    select s.*,
           s.newest + ((s.short - s.newest + 2147483648) & 4294967295) - 2147483648 as long
    from seen as s
)
select
    o.class::regclass::text as class,
    o.id,
    o.sub,
    o.version,
    o.parent_class::regclass::text as parent_class,
    o.parent,
    o.stands,
    coalesce(i.type, '') as kind,
    coalesce(i.identity, '') as identity,
    o.label,
    o.file,
    exists (
        select from pg_depend as d where d.classid = o.class and d.objid = o.id and d.deptype = 'e'
    ) as member,
    o.gone
from own as o
left join lateral pg_identify_object(
    case when o.stands = 'itself' and o.class <> 'pg_attribute'::regclass then o.class end, o.id, 0
) as i on true
where {everything} = 1
   or pg_xact_status(o.long::text::xid8) = 'in progress'
union all
select 'pg_authid', r.oid, 0, md5(r::text), null, null, 'itself', 'role', quote_ident(r.rolname), '', 0, false, false
from pg_roles as r
where r.rolname !~ '^pg_'
