
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
  