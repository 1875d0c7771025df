-- phase: 08_auto_reply
-- A question about prices gets an answer in French that speaks of them, once.
select public.simulate_message('tiktok', 'test-' || pg_current_xact_id(), 'Ana', 'Quels sont vos prix ?');

-- name: template
select public.ai_reply_template(m.id) as text
from public.messages as m
join public.contact_channels as c on c.contact_id = m.contact_id
where c.external_id = 'test-' || pg_current_xact_id();

-- name: reply
select public.auto_reply_stub(m.id) as reply
from public.messages as m
join public.contact_channels as c on c.contact_id = m.contact_id
where c.external_id = 'test-' || pg_current_xact_id() and m.direction = 'inbound';

-- name: reply again
select public.auto_reply_stub(m.id) = r.id as is_the_same, r.content_text
from public.messages as m
join public.contact_channels as c on c.contact_id = m.contact_id
join public.messages as r on r.metadata ->> 'in_reply_to' = m.id::text
where c.external_id = 'test-' || pg_current_xact_id();
