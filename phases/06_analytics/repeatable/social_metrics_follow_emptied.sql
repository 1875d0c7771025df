create or replace trigger social_metrics_follow_emptied
  after truncate on public.social_metrics
  for each statement execute function public.follow_metrics();
comment on trigger social_metrics_follow_emptied on public.social_metrics is
  'Figures that all go say when their pairs are due next.';
