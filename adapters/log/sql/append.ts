/**
 * The append, as a function in the database: one statement carries a whole batch, and what is
 * decided is decided there, against the rows as they are. (As one statement of common table
 * expressions it took eight times as long, most of it to set the plan up.)
 *
 * Every parameter is a list of texts, some of which make up one item, as `LISTS` says. No two
 * appends of a batch may be of one organization or name one number. It gives a row for each append
 * that was refused, with why; the others are appended.
 *
 * Moving the heads comes first, since that locks the organizations until the end of the transaction;
 * when a claim fails then, that head is moved back. All-or-nothing is kept by `refused`: nothing is
 * written for an organization that is in it.
 */
export const LISTS = {
  /** Logs to go on with: organization, expected position and hash, new position and hash. */
  moves: 5,
  /** Logs to begin: organization, new position and hash. */
  beginnings: 3,
  /** Organization, command. */
  commands: 2,
  /** Organization, number, holder. */
  claims: 3,
  /** Numbers that an append claims and frees at once: organization, number, holder until now. */
  passes: 3,
  /** Organization, number, holder. */
  frees: 3,
  /** In the order of the table's columns. */
  events: 11,
  /** Organization, kind, key, data, automation, due. */
  changes: 6,
  /** Organization, kind, key. */
  removals: 3,
} as const;

/** The places in a list at which its items begin. */
const each = (list: keyof typeof LISTS): string =>
  `generate_series(1, cardinality(${list}), ${LISTS[list]})`;

export const APPEND_FUNCTION = `
create function ledgerline.append(
  ${Object.keys(LISTS).map((list) => `${list} text[]`).join(", ")}
)
returns table (refused_organization text, why text)
language plpgsql as $append$
declare
  refused text[] := '{}';
  moved text[] := '{}';
  begun text[] := '{}';
  taken text[] := '{}';
begin
  if cardinality(commands) > 0 then
    for refused_organization in
      select commands[i] from ${each("commands")} i
      where (
        select true from ledgerline.event e
        where e.organization = commands[i] and e.command = commands[i + 1]
          and e.fingerprint is not null
      )
    loop
      refused := refused || refused_organization;
      why := 'repeated';
      return next;
    end loop;
  end if;

  if cardinality(moves) > 0 then
    with h as (
      update ledgerline.head h set position = moves[i + 3]::bigint, hash = moves[i + 4]
      from ${each("moves")} i
      where h.organization = moves[i] and h.position = moves[i + 1]::bigint
        and h.hash = moves[i + 2] and moves[i] <> all (refused)
      returning h.organization
    )
    select coalesce(array_agg(organization), '{}') into moved from h;
  end if;
  if cardinality(beginnings) > 0 then
    with h as (
      insert into ledgerline.head (organization, position, hash)
      select beginnings[i], beginnings[i + 1]::bigint, beginnings[i + 2] from ${
  each("beginnings")
} i
      where beginnings[i] <> all (refused)
      on conflict (organization) do nothing
      returning organization
    )
    select coalesce(array_agg(organization), '{}') into begun from h;
  end if;
  if cardinality(moved) + cardinality(begun) + cardinality(refused)
    < cardinality(moves) / ${LISTS.moves} + cardinality(beginnings) / ${LISTS.beginnings} then
    for refused_organization in
      select moves[i] from ${each("moves")} i where moves[i] <> all (refused || moved)
      union all
      select beginnings[i] from ${
  each("beginnings")
} i where beginnings[i] <> all (refused || begun)
    loop
      refused := refused || refused_organization;
      why := 'conflict';
      return next;
    end loop;
  end if;

  if cardinality(claims) > 0 then
    with c as (
      insert into ledgerline.claim (e164, organization, holder)
      select claims[i + 1], claims[i], claims[i + 2] from ${each("claims")} i
      where claims[i] <> all (refused)
      on conflict (e164) do nothing
      returning organization
    )
    select coalesce(array_agg(organization), '{}') into taken from c;
    if cardinality(taken) < cardinality(claims) / ${LISTS.claims} then
      with c as (
        update ledgerline.claim c set holder = claims[i + 2]
        from ${each("claims")} i, ${each("passes")} p
        where claims[i] <> all (refused || taken)
          and passes[p] = claims[i] and passes[p + 1] = claims[i + 1]
          and c.organization = passes[p] and c.e164 = passes[p + 1] and c.holder = passes[p + 2]
        returning c.organization
      )
      select taken || coalesce(array_agg(organization), '{}') into taken from c;
      for refused_organization in
        select claims[i] from ${each("claims")} i where claims[i] <> all (refused || taken)
      loop
        refused := refused || refused_organization;
        why := 'claimed';
        return next;
        delete from ledgerline.head
          where organization = refused_organization and organization = any (begun);
        update ledgerline.head set position = moves[i + 1]::bigint, hash = moves[i + 2]
          from ${each("moves")} i
          where organization = refused_organization and moves[i] = refused_organization;
      end loop;
    end if;
  end if;

  insert into ledgerline.event (organization, position, type, version, data, at, actor, command,
    fingerprint, size, hash)
  select events[i], events[i + 1]::bigint, events[i + 2], events[i + 3]::integer, events[i + 4],
    events[i + 5]::bigint, events[i + 6], events[i + 7], events[i + 8], events[i + 9]::integer,
    events[i + 10]
  from ${each("events")} i where events[i] <> all (refused);

  if cardinality(changes) > 0 then
    insert into ledgerline.state (organization, kind, key, data, automation, due)
    select changes[i], changes[i + 1], changes[i + 2], changes[i + 3], changes[i + 4],
      changes[i + 5]::bigint
    from ${each("changes")} i where changes[i] <> all (refused)
    on conflict (organization, kind, key) do update
      set data = excluded.data, automation = excluded.automation, due = excluded.due;
  end if;
  if cardinality(removals) > 0 then
    delete from ledgerline.state s using ${each("removals")} i
    where s.organization = removals[i] and s.kind = removals[i + 1] and s.key = removals[i + 2]
      and removals[i] <> all (refused);
  end if;
  if cardinality(frees) > 0 then
    delete from ledgerline.claim c using ${each("frees")} i
    where c.e164 = frees[i + 1] and c.organization = frees[i] and c.holder = frees[i + 2]
      and frees[i] <> all (refused);
  end if;
end
$append$;`;
