#!/bin/sh
# Run by the image of PostgreSQL, once, where its volume is empty: a database, and the user that
# owns it and has no other rights.
set -eu
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username postgres --dbname postgres <<'SQL'
\set password `cat /run/secrets/database-password`
create role ledgerline login password :'password';
create database ledgerline owner ledgerline;
SQL
