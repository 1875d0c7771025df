select 1<--c;
2;
select 1 +-/*;*/ 2, 4 @- -1, a->>'b', a #>> '{x;y}', a ? 'k', a ?| array['x'], 1 !=-1 from t;
select 1.5e3, 0x1F, 1_000, .5, 5., 1e-3;
select a[1:2], b::text from f(y := 2, z => 3) t(a, b, x);
select 5*/*;*/3, 10/2, 10%3, 2^3, |/ 25.0, @ -5, -5 !~ 3;
select * from t where a <> b and c != d and e <= f;
