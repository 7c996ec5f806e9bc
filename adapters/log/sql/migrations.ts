/** The released steps of the schema, each as its own unchanging text. */

/** One step of the schema. */
export type Migration = {
  readonly sql: string;
  /** The oldest version whose code may go on appending, and start, beside what this step made. */
  readonly oldest: number;
};

/**
 * The migrations in order; a migration's version is its place, from 1 on. One that was released is
 * never changed, not by a space: its full text is here, without constants, and a test compares it
 * with what was released. They add, so that servers of the version before go on while new ones
 * start: where one cannot, `oldest` says so, and all servers must be stopped for it. JSON is kept
 * as text: jsonb refuses NUL and would change the bytes that are hashed. Ids sort by code point
 * (collation "C"), so that pages are the same wherever the database runs.
 */
export const MIGRATIONS: readonly Migration[] = [
  {
    oldest: 1,
    sql: `
  create table ledgerline.event (
    organization text collate "C" not null,
    position bigint not null,
    type text not null,
    version integer not null,
    data text not null,
    at bigint not null,
    actor text not null,
    command text,
    fingerprint text,
    size integer,
    hash text not null,
    primary key (organization, position)
  );
  comment on column ledgerline.event.fingerprint is
    'of the command, on the first event that came of it; size is how many events did';
  create unique index event_command on ledgerline.event (organization, command)
    where fingerprint is not null;

  create table ledgerline.claim (
    e164 text collate "C" primary key,
    organization text collate "C" not null,
    holder text not null
  );
  create index claim_organization on ledgerline.claim (organization);

  create table ledgerline.state (
    organization text collate "C" not null,
    kind text collate "C" not null,
    key text collate "C" not null,
    data text not null,
    automation text,
    due bigint,
    primary key (organization, kind, key)
  ) with (fillfactor = 70);
  create index state_due on ledgerline.state (due) where due is not null;
  create index state_found on ledgerline.state (key, kind, organization)
    where kind in ('number', 'order', 'verification', 'releaseRequest', 'token');
  `,
  },
  // Unlogged: leases cost no sync to disk, and after a crash there need be none.
  {
    oldest: 1,
    sql: `
  create unlogged table ledgerline.lease (
    organization text collate "C" not null,
    kind text collate "C" not null,
    key text collate "C" not null,
    holder text not null,
    until timestamptz not null,
    primary key (organization, kind, key)
  );
  `,
  },
  // The list of organizations, without going through their events.
  {
    oldest: 1,
    sql: "create index event_first on ledgerline.event (organization) where position = 1;",
  },
  // Unlogged: after a crash all buckets are full.
  {
    oldest: 1,
    sql: `
  create unlogged table ledgerline.rate (
    key text collate "C" primary key,
    capacity float8 not null,
    granted float8 not null,
    tokens float8 not null,
    at timestamptz not null
  ) with (fillfactor = 50);
  comment on table ledgerline.rate is
    'token buckets of rate limits; granted is what the last draw got';
  `,
  },
  // Which version of the code made the rows, see `row-version.ts`. One row; all may read it, since
  // every append does. Code from before it would go on writing rows in its own form.
  {
    oldest: 5,
    sql: `
  create table ledgerline.row_version (
    is_one boolean primary key default true check (is_one),
    version integer not null
  );
  insert into ledgerline.row_version (version) values (1);
  grant select on ledgerline.row_version to public;
  `,
  },
  // Until when an embedded ledger ran by a trusted clock, see `clock.ts`.
  {
    oldest: 1,
    sql: `
  create table ledgerline.clock (
    is_one boolean primary key default true check (is_one),
    at bigint not null,
    agreed bigint not null,
    wall bigint not null
  );
  `,
  },
  // The events of a number, see `ABOUT` and `BEGINNINGS`. A text is cut out of an event for next to
  // nothing; what is cut off of it is longer than any id.
  {
    oldest: 1,
    sql: `
  create index event_holding on ledgerline.event (
    organization, left(split_part(split_part(data, '"holding":"', 2), '"', 1), 100), position
  ) where position('"holding":"' in data) > 0;
  create index event_beginning on ledgerline.event (
    left(split_part(split_part(data, '"e164":"', 2), '"', 1), 100), organization, position
  ) where type in ('PurchaseRequested', 'NumberAdopted', 'NumberImported');
  `,
  },
  // How rows are listed, see `core/ports/rows.ts`: the index of lists has all that they choose by.
  // Each tag is a line, since a text is searched in a third of the time that a list takes.
  {
    oldest: 1,
    sql: `
  alter table ledgerline.state
    add column sort bigint,
    add column grp text collate "C",
    add column tags text,
    add column texts text[];
  create index state_list on ledgerline.state (organization, kind, sort, key)
    include (tags, texts) where sort is not null;
  create index state_group on ledgerline.state (organization, kind, grp, sort, key)
    where grp is not null;
  `,
  },
  // How many rows are listed, by their tags, so that pages and totals read no more rows than they
  // give. Code of the version before counts nothing: its rows are of another version, and rebuilt.
  {
    oldest: 1,
    sql: `
  create table ledgerline.listed (
    organization text collate "C" not null,
    kind text collate "C" not null,
    tags text collate "C" not null,
    count bigint not null,
    primary key (organization, kind, tags)
  );
  create index state_order on ledgerline.state (organization, kind, sort, key)
    where sort is not null;
  create index state_tags on ledgerline.state (organization, kind, tags collate "C", sort, key)
    include (texts) where sort is not null;
  insert into ledgerline.listed (organization, kind, tags, count)
  select organization, kind, tags, count(*) from ledgerline.state where sort is not null
  group by organization, kind, tags;
  declare g record;
  begin
    for g in
      select e.* from pg_class c, aclexplode(c.relacl) e where c.oid = 'ledgerline.state'::regclass
    loop
      execute format(
        'grant %s on ledgerline.listed to %s', g.privilege_type,
        case when g.grantee = 0 then 'public' else quote_ident(pg_get_userbyid(g.grantee)) end
      );
    end loop;
  end;
  drop index ledgerline.state_list;
  `,
  },
  // What was answered under an `Idempotency-Key`, see `answers.ts`. It outlives a crash, unlike
  // leases. Only the row's own columns change once it is there, so that no index is written again.
  {
    oldest: 1,
    sql: `
  create table ledgerline.answer (
    caller text collate "C" not null,
    key text collate "C" not null,
    fingerprint text not null,
    lease text,
    leased timestamptz,
    status integer,
    headers text,
    body text,
    until timestamptz not null,
    primary key (caller, key)
  ) with (fillfactor = 70);
  comment on column ledgerline.answer.leased is
    'until when a request without a status is under way';
  create index answer_until on ledgerline.answer (until);
  declare g record;
  begin
    for g in
      select e.* from pg_class c, aclexplode(c.relacl) e where c.oid = 'ledgerline.state'::regclass
    loop
      execute format(
        'grant %s on ledgerline.answer to %s', g.privilege_type,
        case when g.grantee = 0 then 'public' else quote_ident(pg_get_userbyid(g.grantee)) end
      );
    end loop;
  end;
  `,
  },
  // When tokens were last used, see `token-uses.ts`: a row that changes once an hour, at most.
  {
    oldest: 1,
    sql: `
  create table ledgerline.token_use (
    token text collate "C" primary key,
    at bigint not null
  ) with (fillfactor = 70);
  declare g record;
  begin
    for g in
      select e.* from pg_class c, aclexplode(c.relacl) e where c.oid = 'ledgerline.state'::regclass
    loop
      execute format(
        'grant %s on ledgerline.token_use to %s', g.privilege_type,
        case when g.grantee = 0 then 'public' else quote_ident(pg_get_userbyid(g.grantee)) end
      );
    end loop;
  end;
  `,
  },
  // What is kept of deliveries to webhooks, see `deliveries.ts`: the key of their secrets in one
  // row, how far each endpoint has come in each log, and what was tried. Attempts are forgotten by
  // an index that no list is read by: it would go through those of all endpoints.
  {
    oldest: 1,
    sql: `
  create table ledgerline.webhook_key (
    is_one boolean primary key default true check (is_one),
    key text not null
  );
  create table ledgerline.delivery (
    endpoint text collate "C" not null,
    organization text collate "C" not null,
    position bigint not null,
    hash text not null,
    pending text not null,
    blocked bigint,
    failures integer not null,
    version bigint not null,
    due bigint,
    primary key (endpoint, organization)
  ) with (fillfactor = 70);
  create index delivery_due on ledgerline.delivery (due, endpoint, organization)
    where due is not null;
  create table ledgerline.delivery_attempt (
    endpoint text collate "C" not null,
    at bigint not null,
    id text collate "C" not null,
    organization text not null,
    position bigint not null,
    event text collate "C" not null,
    attempt integer not null,
    status integer,
    failure text,
    ms bigint not null,
    answer text not null,
    primary key (endpoint, at, id)
  );
  create index delivery_attempt_event on ledgerline.delivery_attempt (endpoint, event, at, id);
  create index delivery_attempt_made on ledgerline.delivery_attempt (endpoint, at, id)
    where failure is null;
  create index delivery_attempt_failed on ledgerline.delivery_attempt (endpoint, at, id)
    where failure is not null;
  create index delivery_attempt_at on ledgerline.delivery_attempt ((at + 0));
  drop index ledgerline.state_found;
  create index state_found on ledgerline.state (key, kind, organization)
    where kind in
    ('number', 'order', 'verification', 'releaseRequest', 'token', 'webhookEndpoint');
  declare g record;
  begin
    for g in
      select e.* from pg_class c, aclexplode(c.relacl) e where c.oid = 'ledgerline.state'::regclass
    loop
      execute format(
        'grant %s on ledgerline.webhook_key, ledgerline.delivery, ledgerline.delivery_attempt to %s',
        g.privilege_type,
        case when g.grantee = 0 then 'public' else quote_ident(pg_get_userbyid(g.grantee)) end
      );
    end loop;
  end;
  `,
  },
];
