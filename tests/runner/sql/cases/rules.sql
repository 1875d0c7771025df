create rule r1 as on insert to t do (insert into a values (1); select 2);
create or replace rule "r;2" as on update to t do instead (
  update a set x = ';' where (y = 1); -- ; in a comment )
  delete from a;
);
create rule r3 as on delete to t do instead nothing;
create rule r4 as on insert to t do also notify n, 'x;y'
