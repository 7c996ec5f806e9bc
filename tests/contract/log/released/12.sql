
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
  