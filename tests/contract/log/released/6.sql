
  create table ledgerline.clock (
    is_one boolean primary key default true check (is_one),
    at bigint not null,
    agreed bigint not null,
    wall bigint not null
  );
  