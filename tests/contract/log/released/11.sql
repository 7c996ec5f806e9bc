
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
  