select 'a;b', ';', '''', ''';''';
select E'it\'s; \\', e'\';', E'\\';
select U&'\0041;' uescape '!', U&"d\0061t;a", B'01', X'1F', N'x;y', n';';
select $$;$$, $a$;$$;$a$, $é$;$é$, $_1$;$_1$, $a$ $b$ ; $a$;
select 'a;'
  'b;'
  'c;';
select "a;""b" from "t;";
select a$b$c;
select $1, $2;
select 'end' as "e;";
