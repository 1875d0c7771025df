-- Nothing; takes away what a role owns here and what it was granted or granted to others.
drop owned by {name} cascade
