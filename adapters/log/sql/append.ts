/**
 * The append, as a function in the database: one statement carries a whole batch, and what is
 * decided is decided there, against the rows as they are. (As one statement of common table
 * expressions it took many times as long, most of it to set the plan up.)
 *
 * Every parameter is a list of texts, some of which make up one item, as `LISTS` says; a list
 * without items is NULL. No two appends of a batch may be of one organization or name one number.
 * The function gives a row for each append that was refused, with why; the others are appended.
 *
 * Moving the head comes first, since that locks the organization until the end of the transaction;
 * when the claim fails then, the head is moved back. What the appends write is written for the whole
 * batch at once, except for the organizations in `refused`.
 */
export const LISTS = {
  /**
   * Organization, expected position and hash, new position and hash, then or NULL: the command, the
   * number to claim, its holder.
   */
  appends: 8,
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
begin
  for i in 1 .. cardinality(appends) by ${LISTS.appends} loop
    why := null;

    if appends[i + 5] is not null then
      perform from ledgerline.event
        where organization = appends[i] and command = appends[i + 5] and fingerprint is not null;
      if found then
        why := 'repeated';
      end if;
    end if;

    if why is null then
      if appends[i + 1] = '0' and appends[i + 2] = '' then
        insert into ledgerline.head (organization, position, hash)
          values (appends[i], appends[i + 3]::bigint, appends[i + 4])
          on conflict (organization) do nothing;
      else
        update ledgerline.head set position = appends[i + 3]::bigint, hash = appends[i + 4]
          where organization = appends[i] and position = appends[i + 1]::bigint
            and hash = appends[i + 2];
      end if;
      if not found then
        why := 'conflict';
      elsif appends[i + 6] is not null then
        insert into ledgerline.claim (e164, organization, holder)
          values (appends[i + 6], appends[i], appends[i + 7])
          on conflict (e164) do nothing;
        if not found then
          update ledgerline.claim c set holder = appends[i + 7] from ${each("passes")} p
            where c.organization = appends[i] and c.e164 = appends[i + 6]
              and passes[p] = c.organization and passes[p + 1] = c.e164
              and passes[p + 2] = c.holder;
          if not found then
            why := 'claimed';
            if appends[i + 1] = '0' then
              delete from ledgerline.head where organization = appends[i];
            else
              update ledgerline.head set position = appends[i + 1]::bigint, hash = appends[i + 2]
                where organization = appends[i];
            end if;
          end if;
        end if;
      end if;
    end if;

    if why is not null then
      refused_organization := appends[i];
      refused := refused || refused_organization;
      return next;
    end if;
  end loop;

  insert into ledgerline.event (organization, position, type, version, data, at, actor, command,
    fingerprint, size, hash)
  select events[i], events[i + 1]::bigint, events[i + 2], events[i + 3]::integer, events[i + 4],
    events[i + 5]::bigint, events[i + 6], events[i + 7], events[i + 8], events[i + 9]::integer,
    events[i + 10]
  from ${each("events")} i where events[i] <> all (refused);

  if changes is not null then
    insert into ledgerline.state (organization, kind, key, data, automation, due)
    select changes[i], changes[i + 1], changes[i + 2], changes[i + 3], changes[i + 4],
      changes[i + 5]::bigint
    from ${each("changes")} i where changes[i] <> all (refused)
    on conflict (organization, kind, key) do update
      set data = excluded.data, automation = excluded.automation, due = excluded.due;
  end if;
  if removals is not null then
    delete from ledgerline.state s using ${each("removals")} i
    where s.organization = removals[i] and s.kind = removals[i + 1] and s.key = removals[i + 2]
      and removals[i] <> all (refused);
  end if;
  if frees is not null then
    delete from ledgerline.claim c using ${each("frees")} i
    where c.e164 = frees[i + 1] and c.organization = frees[i] and c.holder = frees[i + 2]
      and frees[i] <> all (refused);
  end if;
end
$append$;`;
