/** A database whose plans are looked at: large enough that what reads a whole table is seen. */
import { ANALYZE_NEXT, BEGIN_NEXT, INDEX_NEXT } from "../../../adapters/log/sql/rebuild-schema.ts";

/** Organizations with events, rows and a claim, one of them with many events; and a rebuild. */
export const FILL = [
  `insert into ledgerline.event
    (organization, position, type, version, data, at, actor, command, fingerprint, size, hash)
  select 'org_' || o, p, 'Tested', 1, '{"holding":"pn_' || p % 2 || '"}', 1, '{}', 'command-' || p, 'f', 1, md5(o || '.' || p)
  from generate_series(1, 1500) o, generate_series(1, case when o = 7 then 60000 else 4 end) p`,
  `insert into ledgerline.state (organization, kind, key, data, automation, due)
  select 'org_' || o, kind, kind || '_' || o, '{}', 'tested', o
  from generate_series(1, 1500) o, unnest(array['number', 'order', 'plan']) kind`,
  `insert into ledgerline.state (organization, kind, key, data, sort, grp, tags, texts)
  select 'org_listed', 'number', 'pn_' || p, repeat('{}', 400), p / 3, 'assistant_' || p % 100,
    E'\\nt\\nu' || p % 5 || E'\\n', array['pn_' || p, 'text ' || p]
  from generate_series(1, 5000) p`,
  `insert into ledgerline.claim (e164, organization, holder)
  select '+1555' || o, 'org_' || o, 'number_' || o from generate_series(1, 1500) o`,
  `insert into ledgerline.listed (organization, kind, tags, count)
  select organization, kind, tags, count(*) from ledgerline.state where sort is not null
  group by organization, kind, tags
  union all select 'org_' || o, 'number', E'\\nt\\n', 1 from generate_series(1, 1500) o`,
  `insert into ledgerline.answer (caller, key, fingerprint, status, body, until)
  select 'caller_' || p % 20, 'key_' || p, 'f', 200, '{}', now() + p * interval '1 second'
  from generate_series(-2000, 20000) p`,
  "insert into ledgerline.token_use select 'token_' || p, p from generate_series(1, 20000) p",
  `insert into ledgerline.delivery
    (endpoint, organization, position, hash, pending, failures, version, due)
  select 'wh_' || p % 20, 'org_' || p, p, 'h', '[]', 0, 1, case when p % 10 = 0 then p end
  from generate_series(1, 20000) p`,
  `insert into ledgerline.delivery_attempt
    (endpoint, at, id, organization, position, event, attempt, failure, ms, answer)
  select 'wh_' || p % 20, p, 'da_' || p, 'acme', p, 'ev_' || p, 1,
    case when p % 40 < 20 then 'status' end, 1, ''
  from generate_series(1, 40000) p`,
  // As a database does automatically: which rows all can see is known, and need not be looked up.
  "vacuum analyze",
  BEGIN_NEXT,
  "insert into ledgerline_next.state select * from ledgerline.state",
  "insert into ledgerline_next.claim select * from ledgerline.claim",
  `insert into ledgerline_next.put (organization, position, hash)
  select organization, position, hash from ledgerline.event where position = 4`,
  INDEX_NEXT,
  ANALYZE_NEXT,
];
