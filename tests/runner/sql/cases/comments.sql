/* one; /* nested; */ still; */ select 1; -- trailing; comment
-- leading; comment
select /* ; -- */ 2 /* /* /* /* /* deep; */ */ */ */ */ ;
select 3 -- no semicolon; here
  , 4;
select 5 --;
;
;; ;
select 1 /**/ + /***/ 2 /*/* */*/;
select 6 - -1, 7 --7
;
/* the end; */
