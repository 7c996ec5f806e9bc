/** What is written past the log, and what a check says of it. */
/** What is said where numbers that have the same tags are counted wrongly. */
const MISCOUNTED =
  /^"acme": "listed" "number world:sandbox source:managed .*" differs from its log in count$/;

/** What is done to the database, how it is undone, and the line or lines that name it. */
export const TAMPERINGS: Readonly<
  Record<string, { readonly sql: readonly string[]; readonly says: readonly (string | RegExp)[] }>
> = {
  "a token is inserted": {
    sql: [`insert into ledgerline.state (organization, kind, key, data)
      values ('acme', 'token', 'tk_evil', '{"id":"tk_evil","hash":"secret-hash"}')`],
    says: ['"acme": "token" "tk_evil" is there, and no event leads to it'],
  },
  "a balance is changed": {
    sql: [`update ledgerline.state
      set data = jsonb_set(data::jsonb, '{credits,micros}', '99000000')::text
      where organization = 'acme' and kind = 'organization'`],
    says: [/^"acme": "organization" "[^"]+" differs from its log in credits$/],
  },
  "a number is deleted": {
    sql: ["delete from ledgerline.state where organization = 'acme' and kind = 'number'"],
    says: [MISCOUNTED, /^"acme": "number" "pn_\w+" is not there, and its log leads to it$/],
  },
  "a renewal is postponed": {
    sql: [`update ledgerline.state set due = due + 1
      where organization = 'acme' and kind = 'number'`],
    says: [/^"acme": "number" "pn_\w+" differs from its log in \(due\)$/],
  },
  "an automation is removed from its list": {
    sql: [`update ledgerline.state set automation = null, due = null
      where organization = 'acme' and kind = 'number'`],
    says: [/^"acme": "number" "pn_\w+" differs from its log in \(automation\), \(due\)$/],
  },
  "a number is listed as another's, under other tags": {
    sql: [`update ledgerline.state set grp = 'other', tags = E'\\nworld:live\\n'
      where organization = 'acme' and kind = 'number'`],
    says: [
      '"acme": "listed" "number world:live" differs from its log in count',
      MISCOUNTED,
      /^"acme": "number" "pn_\w+" differs from its log in \(listing\)$/,
    ],
  },
  "a number is in no list": {
    sql: [`update ledgerline.state set sort = null, grp = null, tags = null, texts = null
      where organization = 'acme' and kind = 'number'`],
    says: [MISCOUNTED, /^"acme": "number" "pn_\w+" differs from its log in \(listing\)$/],
  },
  "a token is listed": {
    sql: [`update ledgerline.state set grp = 'agent'
      where organization = 'acme' and kind = 'token'`],
    says: [/^"acme": "token" "tk_\w+" differs from its log in \(listing\)$/],
  },
  "a row of an unknown kind is inserted": {
    sql: [`insert into ledgerline.state (organization, kind, key, data)
      values ('acme', 'backdoor', E'a\\nb', 'not JSON')`],
    says: ['"acme": "backdoor" "a\\nb" is there, and no event leads to it'],
  },
  "a row is not JSON": {
    sql: [`update ledgerline.state set data = 'x'
      where organization = 'acme' and kind = 'token'`],
    says: [/^"acme": "token" "[^"]+" differs from its log in data$/],
  },
  "a claim is added, and one is moved": {
    sql: [
      "insert into ledgerline.claim values ('+14155559999', 'acme', 'pn_evil')",
      "update ledgerline.claim set holder = 'pn_evil' where e164 = 'sandbox:+14155550101'",
    ],
    says: [
      '"acme": "claim" "+14155559999" is there, and no event leads to it',
      '"acme": "claim" "sandbox:+14155550101" differs from its log in holder',
    ],
  },
  "what is listed is counted wrongly, or for an organization without a log": {
    sql: [
      "update ledgerline.listed set count = count + 1 where organization = 'acme' and kind = 'number'",
      "insert into ledgerline.listed values ('ghost', 'number', E'\\nt\\nu\\n', 3)",
    ],
    says: [
      MISCOUNTED,
      '"ghost": "listed" "number t u" differs from its log in count',
    ],
  },
  "a claim is deleted": {
    sql: ["delete from ledgerline.claim where e164 = 'sandbox:+14155550101'"],
    says: ['"acme": "claim" "sandbox:+14155550101" is not there, and its log leads to it'],
  },
  "rows and claims are inserted for organizations that have no log": {
    sql: [
      `insert into ledgerline.state (organization, kind, key, data)
        values ('ghost', 'token', 'tk_ghost', '{}'), ('aaa', 'token', 'tk_aaa', '{}')`,
      "insert into ledgerline.claim values ('+14155558888', 'phantom', 'pn_1')",
    ],
    says: [
      '"aaa": "token" "tk_aaa" is there, and no event leads to it',
      '"ghost": "token" "tk_ghost" is there, and no event leads to it',
      '"phantom": "claim" "+14155558888" is there, and no event leads to it',
    ],
  },
  "an event is changed": {
    sql: [`update ledgerline.event set at = at + 1 where organization = 'acme' and position = 2`],
    says: [
      '"acme": the log cannot be followed: the event at position 2 does not fit its hash and ' +
      "the event before it",
    ],
  },
  ...Object.fromEntries(
    [["data", "{"], ["data", ""], ["data", '1],[{"a":2'], ["actor", "{"], ["actor", "{}\\n{}"]].map(
      (
        [column, value],
      ) => [
        `an event's ${column} is not JSON (${value}), and a row of another organization differs`,
        {
          sql: [
            `update ledgerline.event set ${column} = E'${value}'
          where organization = 'acme' and position = 3`,
            "delete from ledgerline.state where organization = 'other' and kind = 'token'",
          ],
          says: [
            '"acme": the log cannot be followed: the event of "acme" at position 3 cannot be read: ' +
            `its ${column} is not JSON`,
            /^"other": "token" "[^"]+" is not there, and its log leads to it$/,
          ],
        },
      ],
    ),
  ),
  "an event's hash would end the list of them": {
    sql: [`update ledgerline.event set hash = 'a","b'
      where organization = 'acme' and position = 3`],
    says: [/^"acme": the log cannot be followed: the event at position 3 does not fit its hash/],
  },
  "a command is said to have had more events": {
    sql: [`update ledgerline.event set size = size + 1 where position = (
      select min(position) from ledgerline.event where organization = 'acme' and size is not null
    ) and organization = 'acme'`],
    says: [/^"acme": the event at position \d+ is not marked with its command as .*: size$/],
  },
  "a command is no longer known": {
    sql: [`update ledgerline.event set size = null, fingerprint = null where position = (
      select min(position) from ledgerline.event where organization = 'acme' and size is not null
    ) and organization = 'acme'`],
    says: [/^"acme": the event at position \d+ is not marked .*: size, fingerprint$/],
  },
  "an event without a command is marked with one": {
    sql: [`update ledgerline.event set size = 1 where position = (
      select min(position) from ledgerline.event where organization = 'acme' and command is null
    ) and organization = 'acme'`],
    says: [/^"acme": the event at position \d+ is not marked .*: size$/],
  },
  "an event is deleted": {
    sql: ["delete from ledgerline.event where organization = 'acme' and position = 2"],
    says: ['"acme": the log cannot be followed: position 2 is missing: the next event is at 3'],
  },
};
