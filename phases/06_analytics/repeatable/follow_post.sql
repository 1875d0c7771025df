create or replace function public.follow_post()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_channels text[] := array(
    select unnest(new.target_channels)
    union
    select t.channel from public.social_metric_targets as t where t.post_id = new.id
  );
begin
  perform public.refresh_metric_targets(array_fill(new.id, array[cardinality(v_channels)]), v_channels);
  return null;
end
$$;

revoke execute on function public.follow_post() from public, anon, authenticated, service_role;
comment on function public.follow_post() is 'Keeps social_metric_targets when a post finishes or changes its channels.';
