#!/bin/sh
# Run once by the image of Postgres, when it has made its cluster: the owner, its database, and the role of backups.
set -eu
psql --set=ON_ERROR_STOP=1 --set=owner="$OWNER_PASSWORD" --set=backup="$BACKUP_PASSWORD" --username=postgres <<'SQL'
create role prospectpro login createrole password :'owner';
create database prospectpro owner prospectpro encoding 'UTF8' template template0;
alter database prospectpro set log_min_error_statement = panic;
alter database prospectpro set log_error_verbosity = terse;
create role prospectpro_backup login bypassrls in role pg_read_all_data password :'backup';
SQL
