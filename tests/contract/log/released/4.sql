
  create unlogged table ledgerline.rate (
    key text collate "C" primary key,
    capacity float8 not null,
    granted float8 not null,
    tokens float8 not null,
    at timestamptz not null
  ) with (fillfactor = 50);
  comment on table ledgerline.rate is
    'token buckets of rate limits; granted is what the last draw got';
  