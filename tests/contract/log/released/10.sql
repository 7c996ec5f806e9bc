
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
  