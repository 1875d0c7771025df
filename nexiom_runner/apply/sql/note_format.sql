-- Nothing comes back: the tables are of this format now.
do $note$
begin
    alter table nexiom.instance disable trigger refuse_change;
    update nexiom.instance set format = {format};
    alter table nexiom.instance enable always trigger refuse_change;
end
$note$
