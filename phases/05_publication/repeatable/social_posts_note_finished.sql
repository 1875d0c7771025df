create or replace trigger social_posts_note_finished
  before insert or update of status, finished_at on public.social_posts
  for each row execute function public.note_finished_post();
comment on trigger social_posts_note_finished on public.social_posts is
  'Keeps finished_at, whoever writes the status.';
