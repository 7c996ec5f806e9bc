/**
 * The append, as a function in the database: one statement carries a whole batch, and what is
 * decided is decided there, against the rows as they are. (As one statement of common table
 * expressions it took many times as long, most of it to set the plan up.)
 *
 * Every parameter is a list of texts, some of which make up one item, as `LISTS` says; a list
 * without items is NULL. No two appends of a batch may be of one organization or name one number.
 * The function gives NULL, or the JSON of a list of the appends that were refused: organization,
 * why, organization, why and so on; the others are appended.
 *
 * Moving the heads comes first, since that locks the organizations until the end of the transaction;
 * where a claim fails then, the head is moved back. Each step serves the whole batch, except for the
 * organizations in `refused`; who was left out of one is told by `xmin`, the transaction that wrote
 * a row last.
 */
export const LISTS = {
  /** Organizations without events yet: organization, new position, new hash. */
  births: 3,
  /** The others: organization, expected position and hash, new position and hash. */
  moves: 5,
  /** Organization, command. */
  commands: 2,
  /** Organization, number, holder. */
  claims: 3,
  /** The columns of the table, in its order. */
  events: 11,
  /** The columns of `state`, in its order. */
  changes: 6,
  /** Organization, kind, key. */
  removals: 3,
  /** Organization, number, holder. */
  frees: 3,
  /** Numbers that an append frees and claims at once: organization, number, holder until now. */
  passes: 3,
} as const;

type List = keyof typeof LISTS;

/** The places in a list at which its items begin. */
const each = (list: List): string => `generate_series(1, cardinality(${list}), ${LISTS[list]})`;

/** The condition that an item's append has not been refused so far. */
const stands = (list: List): string => `${list}[i] <> all (refused)`;

type Statement = (item: (place: number) => string, from: string, stands: string) => string;

/**
 * A statement for all items of a list, and the same one for a list of one item, which is most of
 * them: without a series to read from it takes half the time. \`item(1)\` is an item's first text.
 */
const forAll = (list: List, statement: Statement): string => `
    if cardinality(${list}) = ${LISTS[list]} then
      ${statement((place) => `${list}[${place}]`, "", `${list}[1] <> all (refused)`)};
    else
      ${statement((place) => `${list}[i + ${place - 1}]`, `from ${each(list)} i`, stands(list))};
    end if;`;

/** Refuses the appends of a list that `condition` is true of. */
const refuse = (list: List, condition: string, why: string): string => `
    for refusal in select ${list}[i] from ${each(list)} i where ${stands(list)} and ${condition}
    loop
      refused := refused || refusal;
      answer := answer || array[refusal, '${why}'];
    end loop;`;

/** The condition that no row that fits was written by this very transaction. */
const unwritten = (table: string, fits: string): string =>
  `not exists (
        select from ledgerline.${table} t
        where ${fits} and t.xmin = pg_current_xact_id()::xid)`;

export const APPEND_FUNCTION = `
create function ledgerline.append(
  ${Object.keys(LISTS).map((list) => `${list} text[]`).join(", ")}
)
returns text language plpgsql as $append$
declare
  refused text[] := '{}';
  refusal text;
  answer text[];
  written bigint;
begin
  if commands is not null then
    ${
  refuse(
    "commands",
    `exists (select from ledgerline.event where organization = commands[i]
      and command = commands[i + 1] and fingerprint is not null)`,
    "repeated",
  )
}
  end if;

  if births is not null then
    insert into ledgerline.head (organization, position, hash)
    select births[i], births[i + 1]::bigint, births[i + 2] from ${each("births")} i
    where ${stands("births")}
    on conflict (organization) do nothing;
    get diagnostics written = row_count;
    if written < cardinality(births) / ${LISTS.births} then
      ${refuse("births", unwritten("head", "t.organization = births[i]"), "conflict")}
    end if;
  end if;
  if moves is not null then
    ${
  forAll("moves", (item, from, stand) => `
      update ledgerline.head h set position = ${item(4)}::bigint, hash = ${item(5)} ${from}
      where h.organization = ${item(1)} and h.position = ${item(2)}::bigint
        and h.hash = ${item(3)} and ${stand}`)
}
    get diagnostics written = row_count;
    if written < cardinality(moves) / ${LISTS.moves} then
      ${refuse("moves", unwritten("head", "t.organization = moves[i]"), "conflict")}
    end if;
  end if;

  if claims is not null then
    insert into ledgerline.claim (e164, organization, holder)
    select claims[i + 1], claims[i], claims[i + 2] from ${each("claims")} i
    where ${stands("claims")}
    on conflict (e164) do nothing;
    get diagnostics written = row_count;
    if written < cardinality(claims) / ${LISTS.claims} then
      update ledgerline.claim c set holder = claims[i + 2]
      from ${each("claims")} i, ${each("passes")} p
      where c.e164 = claims[i + 1] and c.organization = claims[i] and ${stands("claims")}
        and passes[p] = c.organization and passes[p + 1] = c.e164 and passes[p + 2] = c.holder;
      ${
  refuse(
    "claims",
    unwritten("claim", "t.e164 = claims[i + 1] and t.organization = claims[i]"),
    "claimed",
  )
}
      delete from ledgerline.head h using ${each("births")} i
      where h.organization = births[i] and births[i] = any (refused)
        and h.xmin = pg_current_xact_id()::xid;
      update ledgerline.head h set position = moves[i + 1]::bigint, hash = moves[i + 2]
      from ${each("moves")} i
      where h.organization = moves[i] and moves[i] = any (refused)
        and h.xmin = pg_current_xact_id()::xid;
    end if;
  end if;

  ${
  forAll("events", (item, from, stand) => `
      insert into ledgerline.event (organization, position, type, version, data, at, actor,
        command, fingerprint, size, hash)
      select ${item(1)}, ${item(2)}::bigint, ${item(3)}, ${item(4)}::integer, ${item(5)},
        ${item(6)}::bigint, ${item(7)}, ${item(8)}, ${item(9)}, ${item(10)}::integer, ${item(11)}
      ${from} where ${stand}`)
}

  if changes is not null then
    ${
  forAll("changes", (item, from, stand) => `
      insert into ledgerline.state (organization, kind, key, data, automation, due)
      select ${item(1)}, ${item(2)}, ${item(3)}, ${item(4)}, ${item(5)}, ${item(6)}::bigint
      ${from} where ${stand}
      on conflict (organization, kind, key) do update
        set data = excluded.data, automation = excluded.automation, due = excluded.due`)
}
  end if;
  if removals is not null then
    delete from ledgerline.state s using ${each("removals")} i
    where s.organization = removals[i] and s.kind = removals[i + 1] and s.key = removals[i + 2]
      and ${stands("removals")};
  end if;
  if frees is not null then
    delete from ledgerline.claim c using ${each("frees")} i
    where c.e164 = frees[i + 1] and c.organization = frees[i] and c.holder = frees[i + 2]
      and ${stands("frees")};
  end if;
  return array_to_json(answer)::text;
end
$append$;`;
