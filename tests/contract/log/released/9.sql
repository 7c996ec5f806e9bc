
  create table ledgerline.listed (
    organization text collate "C" not null,
    kind text collate "C" not null,
    tags text collate "C" not null,
    count bigint not null,
    primary key (organization, kind, tags)
  );
  drop index ledgerline.state_list;
  alter table ledgerline.state alter column tags type text collate "C";
  create index state_list on ledgerline.state (organization, kind, sort, key)
    where sort is not null;
  create index state_tags on ledgerline.state (organization, kind, tags, sort, key)
    include (texts) where sort is not null;
  insert into ledgerline.listed (organization, kind, tags, count)
  select organization, kind, tags, count(*) from ledgerline.state where sort is not null
  group by organization, kind, tags;
  create function ledgerline.count_listed() returns trigger language plpgsql as $count$
  begin
    if tg_op <> 'INSERT' and old.sort is not null then
      execute format(
        'update %I.listed set count = count - 1 where organization = $1 and kind = $2 and tags = $3',
        tg_table_schema
      ) using old.organization, old.kind, old.tags;
    end if;
    if tg_op <> 'DELETE' and new.sort is not null then
      execute format(
        'insert into %I.listed as l (organization, kind, tags, count) values ($1, $2, $3, 1)
        on conflict (organization, kind, tags) do update set count = l.count + 1',
        tg_table_schema
      ) using new.organization, new.kind, new.tags;
    end if;
    return null;
  end
  $count$;
  create trigger listed_more after insert on ledgerline.state for each row
    when (new.sort is not null) execute function ledgerline.count_listed();
  create trigger listed_less after delete on ledgerline.state for each row
    when (old.sort is not null) execute function ledgerline.count_listed();
  create trigger listed_otherwise after update on ledgerline.state for each row
    when ((old.organization, old.kind, old.sort is null, old.tags)
      is distinct from (new.organization, new.kind, new.sort is null, new.tags))
    execute function ledgerline.count_listed();
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
  