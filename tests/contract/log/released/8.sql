
  alter table ledgerline.state
    add column sort bigint,
    add column grp text collate "C",
    add column tags text,
    add column texts text[];
  create index state_list on ledgerline.state (organization, kind, sort, key)
    include (tags, texts) where sort is not null;
  create index state_group on ledgerline.state (organization, kind, grp, sort, key)
    where grp is not null;
  