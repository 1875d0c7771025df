-- broken: a materialized view is filled
create materialized view sums as select 1 as n;
-- size: sums 5000000 rows, 900 MB
-- then:
refresh materialized view sums;
-- finds: error: table sums: takes ACCESS EXCLUSIVE on sums (5 M rows, 900 MB) until it is filled: nobody reads it
-- broken: of some size
create materialized view sums as select 1 as n;
-- size: sums 20000 rows, 3 MB
-- then:
refresh materialized view public.sums;
-- finds: warn: table sums: takes ACCESS EXCLUSIVE on sums (20 k rows, 3 MB) until it is filled: nobody reads it
-- broken: every index of a table
create table orders (id int primary key);
-- size: orders 5000000 rows, 900 MB
-- then:
reindex table orders;
-- finds: error: table orders: takes SHARE on orders (5 M rows, 900 MB) until its indexes are built: writes wait, and readers who would use them
-- fine: concurrently
create materialized view sums as select 1 as n;
create unique index on sums (n);
-- size: sums 5000000 rows, 900 MB
-- then:
refresh materialized view concurrently sums;
-- fine: emptied
create materialized view sums as select 1 as n;
-- size: sums 5000000 rows, 900 MB
-- then:
refresh materialized view sums with no data;
-- fine: reindexed concurrently
create table orders (id int primary key);
-- size: orders 5000000 rows, 900 MB
-- then:
reindex table concurrently orders;
