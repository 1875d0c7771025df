create or replace trigger social_posts_follow_changed
  after update of status, finished_at, target_channels on public.social_posts
  for each row
  when (
    (old.status, old.finished_at, old.target_channels)
      is distinct from (new.status, new.finished_at, new.target_channels)
  )
  execute function public.follow_post();
comment on trigger social_posts_follow_changed on public.social_posts is
  'A post that finishes, is taken back or changes its channels changes what is to be collected.';
