create or replace function public.refresh_metric_targets(p_posts uuid[], p_channels text[])
returns void
language plpgsql
security definer
set search_path = ''
as $$
begin
  -- Each step is a probe of an index (offset 0 keeps it one), whatever the tables' statistics say.
  with pair as (
    select distinct u.post_id, u.channel from unnest(p_posts, p_channels) as u (post_id, channel)
  ),
  due as (
    select
      pair.post_id, pair.channel,
      coalesce(newest.fetched_at + interval '1 hour', post.finished_at) as next_due_at,
      post.finished_at + interval '30 days' as wanted_until
    from pair
    cross join lateral (
      select p.finished_at
      from public.social_posts as p
      where p.id = pair.post_id
        and p.status in ('published', 'failed')
        and p.finished_at > now() - interval '30 days'
        and pair.channel = any (p.target_channels)
      offset 0
    ) as post
    left join lateral (
      select m.fetched_at
      from public.social_metrics as m
      where m.post_id = pair.post_id and m.channel = pair.channel
      order by m.fetched_at desc
      limit 1
    ) as newest on true
  ),
  kept as (
    insert into public.social_metric_targets as t (post_id, channel, next_due_at, wanted_until)
    select due.post_id, due.channel, due.next_due_at, due.wanted_until
    from due
    where due.next_due_at < due.wanted_until
    on conflict (post_id, channel) do update
    set next_due_at = excluded.next_due_at, wanted_until = excluded.wanted_until, attempts = 0, last_error = null
  )
  delete from public.social_metric_targets as t
  using pair
  where t.post_id = pair.post_id
    and t.channel = pair.channel
    and not exists (
      select from due
      where due.post_id = pair.post_id and due.channel = pair.channel and due.next_due_at < due.wanted_until
    );
end
$$;

revoke execute on function public.refresh_metric_targets(uuid[], text[])
  from public, anon, authenticated, service_role;
comment on function public.refresh_metric_targets(uuid[], text[]) is
  'Says when the figures of these pairs of post and channel are due next, or that they no longer are: an hour after the'
  ' newest, at once where there are none, until thirty days after the post finished.';
