/**
 * The append, as a function in the database: one statement carries a whole batch, and what is
 * decided is decided there, against the rows as they are. In a statement of common table expressions
 * the same took four times as long, most of it to set the plan up.
 *
 * `steps` holds the appends one after another, each in this layout:
 *
 *   0 organization   1 expected position   2 expected hash   3 at   4 actor   5 command   6 its
 *   fingerprint   7 number to claim   8 its holder   9 count of events   10 of rows   11 of frees
 *   then for each event: type, version, data, hash; for each row: kind, key, data (null removes it),
 *   automation, due; for each free: number, holder
 *
 * It gives one row for each append, in order. Moving the head comes first, since that locks the
 * organization until the end of the transaction; a claim that fails moves it back.
 */
export const APPEND_LAYOUT = { append: 12, event: 4, row: 5, free: 2 } as const;

export const APPEND_FUNCTION = `
create function ledgerline.append(steps text[])
returns table (outcome text, found_position bigint, found_hash text)
language plpgsql as $append$
declare
  total integer := cardinality(steps);
  step integer := 1;
  events integer;
  changes integer;
  frees integer;
  following integer;
  org text;
  expected bigint;
  last_position bigint;
  number_claimed text;
  passed_on boolean;
begin
  while step <= total loop
    org := steps[step];
    expected := steps[step + 1];
    number_claimed := steps[step + 7];
    events := step + ${APPEND_LAYOUT.append};
    last_position := expected + steps[step + 9]::integer;
    changes := events + ${APPEND_LAYOUT.event} * steps[step + 9]::integer;
    frees := changes + ${APPEND_LAYOUT.row} * steps[step + 10]::integer;
    following := frees + ${APPEND_LAYOUT.free} * steps[step + 11]::integer;
    found_position := null;
    found_hash := null;

    <<one_append>>
    begin
      if steps[step + 5] is not null then
        perform from ledgerline.event
          where organization = org and command = steps[step + 5] and fingerprint is not null;
        if found then
          outcome := 'repeated';
          exit one_append;
        end if;
      end if;

      if expected = 0 and steps[step + 2] = '' then
        insert into ledgerline.head (organization, position, hash)
          values (org, last_position, steps[changes - 1])
          on conflict (organization) do nothing;
      else
        update ledgerline.head set position = last_position, hash = steps[changes - 1]
          where organization = org and position = expected and hash = steps[step + 2];
      end if;
      if not found then
        outcome := 'conflict';
        select position, hash into found_position, found_hash
          from ledgerline.head where organization = org;
        exit one_append;
      end if;

      if number_claimed is not null then
        insert into ledgerline.claim (e164, organization, holder)
          values (number_claimed, org, steps[step + 8])
          on conflict (e164) do nothing;
        passed_on := found;
        for free in 0 .. (following - frees) / ${APPEND_LAYOUT.free} - 1 loop
          exit when passed_on;
          continue when steps[frees + ${APPEND_LAYOUT.free} * free] <> number_claimed;
          update ledgerline.claim set holder = steps[step + 8]
            where e164 = number_claimed and organization = org
              and holder = steps[frees + ${APPEND_LAYOUT.free} * free + 1];
          passed_on := found;
        end loop;
        if not passed_on then
          outcome := 'claimed';
          if expected = 0 then
            delete from ledgerline.head where organization = org;
          else
            update ledgerline.head set position = expected, hash = steps[step + 2]
              where organization = org;
          end if;
          exit one_append;
        end if;
      end if;

      outcome := 'appended';
      insert into ledgerline.event (organization, position, type, version, data, at, actor, command,
          fingerprint, size, hash)
        values (org, expected + 1, steps[events], steps[events + 1]::integer, steps[events + 2],
          steps[step + 3]::bigint, steps[step + 4], steps[step + 5], steps[step + 6],
          steps[step + 9]::integer, steps[events + 3]);
      for event in 1 .. (changes - events) / ${APPEND_LAYOUT.event} - 1 loop
        events := events + ${APPEND_LAYOUT.event};
        insert into ledgerline.event (organization, position, type, version, data, at, actor,
            command, hash)
          values (org, expected + event + 1, steps[events], steps[events + 1]::integer,
            steps[events + 2], steps[step + 3]::bigint, steps[step + 4], steps[step + 5],
            steps[events + 3]);
      end loop;

      while changes < frees loop
        if steps[changes + 2] is null then
          delete from ledgerline.state
            where organization = org and kind = steps[changes] and key = steps[changes + 1];
        else
          insert into ledgerline.state (organization, kind, key, data, automation, due)
            values (org, steps[changes], steps[changes + 1], steps[changes + 2],
              steps[changes + 3], steps[changes + 4]::bigint)
            on conflict (organization, kind, key) do update
              set data = excluded.data, automation = excluded.automation, due = excluded.due;
        end if;
        changes := changes + ${APPEND_LAYOUT.row};
      end loop;

      while frees < following loop
        if steps[frees] is distinct from number_claimed then
          delete from ledgerline.claim
            where e164 = steps[frees] and organization = org and holder = steps[frees + 1];
        end if;
        frees := frees + ${APPEND_LAYOUT.free};
      end loop;
    end one_append;

    return next;
    step := following;
  end loop;
end
$append$;`;
