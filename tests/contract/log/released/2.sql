
  create unlogged table ledgerline.lease (
    organization text collate "C" not null,
    kind text collate "C" not null,
    key text collate "C" not null,
    holder text not null,
    until timestamptz not null,
    primary key (organization, kind, key)
  );
  