-- Nothing comes back: an index that a build left invalid is gone.
drop index concurrently if exists {index}
