create or replace trigger social_posts_follow_new
  after insert on public.social_posts
  for each row
  when (new.status in ('published', 'failed') and new.finished_at > now() - interval '30 days')
  execute function public.follow_post();

create or replace trigger social_posts_follow_changed
  after update of status, finished_at, target_channels on public.social_posts
  for each row
  when (
    (old.status, old.finished_at, old.target_channels)
      is distinct from (new.status, new.finished_at, new.target_channels)
  )
  execute function public.follow_post();
