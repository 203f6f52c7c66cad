-- Records of a file of which nothing tells which place they are: a file that has any hides nothing.
alter table place_imports add column lost_records integer not null default 0;

-- The country an import was given holds for its places that name none, also for those that were imported without it.
update places p set country = i.country
    from place_imports i
    where i.id = p.import_id and p.country is null and i.country is not null;
