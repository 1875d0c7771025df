create or replace trigger social_metrics_follow_gone
  after delete on public.social_metrics
  referencing old table as changed
  for each statement execute function public.follow_metrics();
comment on trigger social_metrics_follow_gone on public.social_metrics is
  'Figures that go say when their pairs are due next.';
