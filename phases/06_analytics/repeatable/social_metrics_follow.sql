create or replace trigger social_metrics_follow_new
  after insert on public.social_metrics
  referencing new table as changed
  for each statement execute function public.follow_metrics();

create or replace trigger social_metrics_follow_changed
  after update on public.social_metrics
  referencing new table as changed
  for each statement execute function public.follow_metrics();

create or replace trigger social_metrics_follow_gone
  after delete on public.social_metrics
  referencing old table as changed
  for each statement execute function public.follow_metrics();

create or replace trigger social_metrics_follow_emptied
  after truncate on public.social_metrics
  for each statement execute function public.follow_metrics();
