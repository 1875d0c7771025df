-- Nothing; writes on a stored database which roles there were and when it was last of use.
comment on database {name} is {note}
