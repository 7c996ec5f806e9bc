/**
 * The tables of a rebuild. They are made in a separate schema, where they and their indexes can
 * have their final names, and are moved to the log's schema in place of those in use.
 */

import { NOTE_VERSION } from "./row-version.ts";

/** The tables that a rebuild makes. */
const TABLES = ["state", "claim", "listed"];

const LISTED = TABLES.map((table) => `'${table}'`).join(", ");

/**
 * Drops what another rebuild may have left, and makes the tables like those in use, after all their
 * migrations, but without indexes, so that they are filled sooner.
 */
export const BEGIN_NEXT = `
do $next$
declare t record;
begin
  drop schema if exists ledgerline_next cascade;
  create schema ledgerline_next;
  for t in
    select relname, reloptions from pg_class
    where relnamespace = 'ledgerline'::regnamespace and relname in (${LISTED})
  loop
    execute format(
      'create table ledgerline_next.%1$I (like ledgerline.%1$I including all excluding indexes)',
      t.relname
    );
    if t.reloptions is not null then
      execute format(
        'alter table ledgerline_next.%I set (%s)', t.relname, array_to_string(t.reloptions, ', ')
      );
    end if;
  end loop;
  create table ledgerline_next.late (like ledgerline.claim);
  create table ledgerline_next.put (
    organization text collate "C" primary key,
    position bigint not null,
    hash text not null,
    is_counted boolean not null default false
  );
  create table ledgerline_next.version as select max(version) as version from ledgerline.migration;
end
$next$`;

/** Counts what is listed of the organizations of which that is not done yet. */
const COUNT_NEXT = `
  insert into ledgerline_next.listed (organization, kind, tags, count)
  select organization, kind, tags, count(*) from ledgerline_next.state
  where sort is not null
    and organization in (select organization from ledgerline_next.put where not is_counted)
  group by organization, kind, tags`;

/**
 * Makes the indexes, by their names, and counts what is listed. A number that is claimed twice
 * keeps no index from being made: one of its claims is postponed, like those made from now on.
 */
export const INDEX_NEXT = `
do $next$
declare i record;
begin
  with twice as (
    delete from ledgerline_next.claim where ctid in (
      select ctid from (
        select ctid, row_number() over (partition by e164) as place from ledgerline_next.claim
      ) c where place > 1
    ) returning *
  )
  insert into ledgerline_next.late select * from twice;
  for i in
    select c.relname, k.conname, pg_get_constraintdef(k.oid) as rule,
      replace(pg_get_indexdef(x.indexrelid), ' ON ledgerline.', ' ON ledgerline_next.') as making
    from pg_index x join pg_class c on c.oid = x.indrelid
    left join pg_constraint k on k.conindid = x.indexrelid and k.conrelid = x.indrelid
    where c.relnamespace = 'ledgerline'::regnamespace and c.relname in (${LISTED})
  loop
    if i.conname is null then execute i.making;
    else
      execute format(
        'alter table ledgerline_next.%I add constraint %I %s', i.relname, i.conname, i.rule
      );
    end if;
  end loop;
  ${COUNT_NEXT};
  update ledgerline_next.put set is_counted = true;
end
$next$`;

/** Lets the planner know the new tables, as it knows those in use. */
export const ANALYZE_NEXT: string = `analyze ${
  [...TABLES, "late", "put"].map((table) => `ledgerline_next.${table}`).join(", ")
}`;

/**
 * Puts the new tables in the place of those in use, with the same owner, who need not be the user
 * that rebuilds, and the same grants, and notes which code made them: appends by other code write
 * nothing from then on. What was put since the indexes were made is counted. Fails when the schema
 * was migrated meanwhile: the tables are made like the old ones. Sessions that have these tables in
 * a plan make the plan again automatically. Its commit is synced like any other, also where rows
 * were put in the same transaction.
 */
export const SWAP_NEXT: string = `
do $next$
declare t record; g record;
begin
  set local synchronous_commit to default;
  if (select max(version) from ledgerline.migration)
    is distinct from (select version from ledgerline_next.version)
  then
    raise exception 'the schema was migrated during the rebuild: begin it again';
  end if;
  insert into ledgerline_next.claim select * from ledgerline_next.late;
  delete from ledgerline_next.listed
  where organization in (select organization from ledgerline_next.put where not is_counted);
  ${COUNT_NEXT};
  ${NOTE_VERSION};
  for t in
    select relname, relacl, pg_get_userbyid(relowner) as owner from pg_class
    where relnamespace = 'ledgerline'::regnamespace and relname in (${LISTED})
  loop
    execute format('drop table ledgerline.%I', t.relname);
    execute format('alter table ledgerline_next.%I set schema ledgerline', t.relname);
    execute format('alter table ledgerline.%I owner to %I', t.relname, t.owner);
    for g in select * from aclexplode(t.relacl) loop
      execute format(
        'grant %s on ledgerline.%I to %s%s', g.privilege_type, t.relname,
        case when g.grantee = 0 then 'public' else quote_ident(pg_get_userbyid(g.grantee)) end,
        case when g.is_grantable then ' with grant option' end
      );
    end loop;
  end loop;
end
$next$`;

/** Keeps others from dropping the tables, until the end of the transaction. */
export const KEEP_NEXT: string = `lock table ${
  [...TABLES, "late", "put"].map((table) => `ledgerline_next.${table}`).join(", ")
} in access share mode`;

/** Drops what is left of a rebuild. */
export const DROP_NEXT = "drop schema if exists ledgerline_next cascade";
