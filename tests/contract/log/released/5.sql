
  create table ledgerline.row_version (
    is_one boolean primary key default true check (is_one),
    version integer not null
  );
  insert into ledgerline.row_version (version) values (1);
  grant select on ledgerline.row_version to public;
  