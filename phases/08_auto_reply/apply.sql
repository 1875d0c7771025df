-- What waits for an answer, so that a run reads that and not the history.
create index messages_awaiting_reply on public.messages (attempts, sent_at)
  where direction = 'inbound' and answered_at is null and attempts < 5;
