-- Companies are found by when they last left in a file; that they did at all is found by the same index.

create index companies_exported_at on companies (workspace_id, exported_at) include (id) where exported_at is not null;
drop index companies_exported;
