create or replace function public.classify_text(p_text text)
returns jsonb
language sql
immutable
set search_path = ''
as $$
  -- Rules in the order they win; accents and case do not matter.
  with said as (
    select translate(
      lower(coalesce(p_text, '')),
      'àâäáãåçéèêëíìîïñóòôöõúùûüýÿ’',
      'aaaaaaceeeeiiiinooooouuuuyy'''
    ) as words
  ),
  found as (
    select
      words,
      case
        when words ~ '\m(probleme|reclamation|plainte|rembours|arnaque|complaint|refund|scam)' then 'complaint'
        when words ~ '\m(rendez-vous|rdv|appointment|visite)' then 'appointment'
        when words ~ '\m(prix|tarif|cout|combien|frais|price|cost|fee|how much)' then 'pricing'
        when words ~ '\m(inscri|candidat|postul|enrol|admission|register)' then 'enrolment'
        when words ~ '\m(horaire|ouvert|fermet|heures|opening|hours)' then 'opening_hours'
        when words ~ '\m(info|renseign|programme|formation|brochure|detail)' then 'information'
        when words ~ '\m(merci|thank)' then 'thanks'
        when words ~ '\m(bonjour|bonsoir|salut|coucou|hello|hi)\M' then 'greeting'
        else 'other'
      end as intent,
      words ~ '\m(nul|mauvais|horrible|decu|scandal|inadmissible|colere|furieu|arnaque|bad|terrible|angry|awful|scam)'
        as negative,
      words ~ '\m(merci|super|genial|excellent|parfait|bravo|adore|great|thank|love|perfect)' as positive,
      words ~ '\m(urgent|conseiller|responsable|humain|avocat|manager|human|lawyer)' as wants_someone
    from said
  )
  select jsonb_build_object(
    'intent', intent,
    'sentiment', case
      when negative or (intent = 'complaint' and not positive) then 'negative'
      when positive then 'positive'
      else 'neutral'
    end,
    'confidence', case intent when 'other' then 0.3 else 0.8 end,
    'needs_escalation', negative or wants_someone or intent = 'complaint'
  )
  from found
$$;

revoke execute on function public.classify_text(text) from public, anon, authenticated, service_role;
comment on function public.classify_text(text) is
  'Intent, sentiment, confidence and need of a person, from words in French and English.';
