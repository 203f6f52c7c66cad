-- Places whose own records say that they closed are kept as witnesses: another source may still have them as open.

alter table places add column is_closed boolean not null default false;
comment on column places.is_closed is 'Its own record says that it closed; gone_at alone: a newer file lacks it.';
create index places_closed on places (category, cell) where is_closed;
