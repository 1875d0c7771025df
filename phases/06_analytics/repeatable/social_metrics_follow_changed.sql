create or replace trigger social_metrics_follow_changed
  after update on public.social_metrics
  referencing new table as changed
  for each statement execute function public.follow_metrics();
comment on trigger social_metrics_follow_changed on public.social_metrics is
  'Figures that change say when their pairs are due next.';
