
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
  