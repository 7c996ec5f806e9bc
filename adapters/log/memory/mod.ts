/**
 * The log in memory, for tests, simulations and trying things out. Events and rows are kept as JSON
 * text, so that callers share no object with it and only what survives JSON is returned.
 */
import { jsonText } from "../../../core/values/text.ts";
import { chain, EMPTY_HEAD } from "../../../core/log/chain.ts";
import type {
  Append,
  AppendOutcome,
  Claim,
  ClaimedRows,
  EarlierCommand,
  EventLog,
  HeldClaim,
  Place,
  RecordedEvent,
  RowKey,
  Snapshot,
  WorkItem,
} from "../../../core/ports/mod.ts";
import { digest } from "../digest.ts";
import { openGate } from "../gate.ts";
import { checkAppend, compareText, inOrder, rowName } from "../append-checks.ts";
import { appendedOf, openWatchers } from "../watchers.ts";
import { openDeliveries } from "./deliveries.ts";
import { listIn } from "./listing.ts";
import { openNextRows } from "./rebuilt-rows.ts";
import { openTokenUses } from "./token-uses.ts";
import {
  addEvents,
  asText,
  type Book,
  changing,
  eventsAbout,
  eventsBeginning,
  eventsOf,
  newBook,
  readEvents,
  readPage,
  readRow,
  spaceFor,
  type Store,
  type StoredRow,
} from "./store.ts";

const earlier = (book: Book | undefined, command: string | undefined): EarlierCommand | null => {
  const known = command === undefined ? undefined : book?.commands.get(command);
  if (book === undefined || known === undefined) return null;
  return {
    fingerprint: known.fingerprint,
    events: readEvents(book, known.after, known.count),
  };
};

const give = (claim: Claim): Claim => ({ ...claim });

const append = ({ books, claims }: Store, input: Append): AppendOutcome => {
  checkAppend(input);
  const { organization, command, expected } = input;
  const book = books.get(organization) ?? newBook();
  const repeated = earlier(book, command?.id);
  if (repeated !== null) return { outcome: "repeated", ...repeated };
  const head = { ...book.head };
  const moved = expected !== "any" &&
    (expected.position !== head.position || expected.hash !== head.hash);
  if (moved) return { outcome: "conflict", head };

  const frees = ({ key, holder }: HeldClaim): boolean => {
    const held = claims.get(key);
    return held !== undefined && held.organization === organization && held.holder === holder;
  };
  const freed = input.free.filter(frees).map(({ key }) => key);
  for (const { key } of input.claims) {
    const held = freed.includes(key) ? undefined : claims.get(key);
    if (held !== undefined) return { outcome: "claimed", claim: give(held) };
  }

  const events = chain(head, { ...input, command: command?.id ?? null }, digest)
    .map(({ event }) => jsonText(event));
  // Before anything is written, since a value without JSON throws here.
  const change = changing(input.rows);
  const last: RecordedEvent = JSON.parse(events[events.length - 1] ?? "null");
  for (const key of freed) claims.delete(key);
  for (const claim of input.claims) claims.set(claim.key, { ...claim, organization });
  if (command !== null) {
    const { id, fingerprint } = command;
    book.commands.set(id, { fingerprint, after: head.position, count: events.length });
  }
  addEvents(book, events, input.events);
  change(book.rows);
  book.head = { position: last.position, hash: last.hash };
  books.set(organization, book);
  return {
    outcome: "appended",
    head: { ...book.head },
    events: readEvents(book, head.position, events.length),
  };
};

const load = (
  { books, claims }: Store,
  organization: string,
  needs: Parameters<EventLog["load"]>[1],
): Snapshot => {
  const book = books.get(organization);
  const { kinds = [], groups = [] } = needs;
  const isAsked = ({ kind, listing }: StoredRow): boolean =>
    kinds.includes(kind) ||
    groups.some((one) => one.kind === kind && one.group === listing?.group);
  const all = kinds.length + groups.length > 0 ? [...book?.rows.values() ?? []] : [];
  const named = (needs.rows ?? []).flatMap((key) => book?.rows.get(rowName(key)) ?? []);
  return {
    head: { ...(book?.head ?? EMPTY_HEAD) },
    rows: inOrder([...named, ...all.filter(isAsked)].map(readRow)),
    claims: [...new Set(needs.claims)].sort(compareText).flatMap((key) => {
      const claim = claims.get(key);
      return claim === undefined ? [] : [give(claim)];
    }),
    commands: [...new Set(needs.commands)].flatMap((id) => earlier(book, id) ?? [])
      .sort((a, b) => (a.events[0]?.position ?? 0) - (b.events[0]?.position ?? 0)),
  };
};

const workItems = ({ books }: Store): readonly WorkItem[] =>
  [...books].flatMap(([organization, { rows }]) =>
    [...rows.values()].flatMap(({ kind, key, work }) =>
      work === null ? [] : [{ organization, kind, key, automation: work.automation, due: work.due }]
    )
  );

const byDue = (a: WorkItem, b: WorkItem): number =>
  a.due - b.due || compareText(a.organization, b.organization) || compareText(a.kind, b.kind) ||
  compareText(a.key, b.key);

const replaceRows = (
  { books, claims }: Store,
  ...[organization, expected, rows, held]: Parameters<EventLog["replaceRows"]>
): boolean => {
  const book = books.get(organization) ?? newBook();
  if (book.head.position !== expected.position || book.head.hash !== expected.hash) return false;
  for (const { key } of held) {
    const other = claims.get(key);
    if (other !== undefined && other.organization !== organization) {
      throw new Error(`${key} is held by the organization ${other.organization}`);
    }
  }
  for (const { key } of [...claims.values()].filter((own) => own.organization === organization)) {
    claims.delete(key);
  }
  for (const { key, holder } of held) claims.set(key, { key, holder, organization });
  book.rows.clear();
  for (const row of rows) book.rows.set(rowName(row), asText(row));
  return true;
};

/** Organizations by id, from the first that is not before `least`. */
const inOrderFrom = ({ books }: Store, least: string): readonly (readonly [string, Book])[] =>
  [...books].filter(([id]) => compareText(id, least) >= 0).sort(([a], [b]) => compareText(a, b));

const scan = (
  store: Store,
  { organization, position }: Place,
  limit: number,
): readonly RecordedEvent[] => {
  const events: RecordedEvent[] = [];
  const space = spaceFor(limit);
  for (const [id, book] of inOrderFrom(store, organization)) {
    if (space.limit <= 0 || space.bytes <= 0) break;
    events.push(...readPage(book, id === organization ? position : 0, space));
  }
  return events;
};

const find = ({ books }: Store, sought: RowKey): Awaited<ReturnType<EventLog["find"]>> => {
  for (const organization of [...books.keys()].sort(compareText)) {
    const row = books.get(organization)?.rows.get(rowName(sought));
    if (row !== undefined) return { organization, row: readRow(row) };
  }
  return null;
};

const rowsOf = (
  { books }: Store,
  ...[kind, { from, below, organization: only }, limit]: Parameters<EventLog["rowsOf"]>
): Awaited<ReturnType<EventLog["rowsOf"]>> =>
  [...books].flatMap(([organization, { rows }]) =>
    (only ?? organization) !== organization
      ? []
      : [...rows.values()].filter((row) =>
        row.kind === kind && compareText(row.key, from) >= 0 && compareText(row.key, below) < 0
      ).map((row) => ({ organization, row }))
  ).toSorted((a, b) =>
    compareText(b.row.key, a.row.key) || compareText(b.organization, a.organization)
  ).slice(0, limit).map(({ organization, row }) => ({ organization, row: readRow(row) }));

const claimsOn = (
  { books, claims }: Store,
  ...[keys, kinds]: Parameters<EventLog["claims"]>
): readonly ClaimedRows[] => {
  const isInRange = (key: string): boolean =>
    !("after" in keys) || compareText(key, keys.after) > 0 && compareText(key, keys.below) < 0;
  const wanted = "after" in keys ? [...claims.keys()].filter(isInRange) : [...new Set(keys)];
  return wanted.sort(compareText).slice(0, "after" in keys ? keys.limit : wanted.length)
    .flatMap((key) => {
      const claim = claims.get(key);
      if (claim === undefined) return [];
      const rows = books.get(claim.organization)?.rows;
      const held = kinds.flatMap((kind) => rows?.get(rowName({ kind, key: claim.holder })) ?? []);
      return [{ claim: give(claim), rows: inOrder(held.map(readRow)) }];
    });
};

/**
 * Opens an empty log in memory. It keeps the promises of `EventLog` until the process ends.
 *
 * @example
 * ```ts
 * import { openLedger } from "ledgerline";
 * import { openSandboxCarrier } from "ledgerline/carriers/sandbox";
 * import { openMemoryLog } from "ledgerline/memory";
 *
 * const ledger = await openLedger({ log: openMemoryLog(), carrier: openSandboxCarrier() });
 * ```
 */
export const openMemoryLog = (): EventLog => {
  const store: Store = { books: new Map(), claims: new Map() };
  const watchers = openWatchers();
  const gate = openGate();
  let closed = false;
  // Each operation runs synchronously, so nothing can change between its reads and its writes.
  const run = <Value>(operation: (store: Store) => Value): Promise<Value> =>
    closed
      ? Promise.reject(new Error("the log is closed"))
      : Promise.resolve().then(() => operation(store));
  return {
    load: (organization, needs) => run((all) => load(all, organization, needs)),
    append: (input) =>
      gate.pass(() =>
        run((all) => {
          const outcome = append(all, input);
          if (outcome.outcome === "appended") watchers.notify(appendedOf(input));
          return outcome;
        })
      ),
    events: (organization, after, limit) =>
      run(({ books }) => eventsOf(books, organization, after, limit)),
    eventsAbout: (...asked) => run(({ books }) => eventsAbout(books, ...asked)),
    eventsBeginning: (e164, after, limit) =>
      run((all) => eventsBeginning(inOrderFrom(all, after.organization), e164, after, limit)),
    find: (kind, key) => run((all) => find(all, { kind, key })),
    rowsOf: (...asked) => run((all) => rowsOf(all, ...asked)),
    claims: (...asked) => run((all) => claimsOn(all, ...asked)),
    list: (...asked) => run(({ books }) => listIn(books.get(asked[0]), ...asked)),
    due: (until, limit, after) =>
      run((all) =>
        workItems(all)
          .filter((item) => item.due <= until && (after === undefined || byDue(item, after) > 0))
          .toSorted(byDue).slice(0, limit)
      ),
    nextDue: (after) =>
      run((all) => {
        const later = workItems(all).map(({ due }) => due).filter((due) => due > after);
        return later.length === 0 ? null : later.reduce((a, b) => Math.min(a, b));
      }),
    heads: (after, limit) =>
      run((all) =>
        inOrderFrom(all, after).filter(([id]) => id !== after).slice(0, limit)
          .map(([organization, { head }]) => ({ organization, head: { ...head } }))
      ),
    scan: (after, limit) => run((all) => scan(all, after, limit)),
    replaceRows: (...input) => run((all) => replaceRows(all, ...input)),
    rebuild: (work) =>
      gate.rebuild(async () => await work(await run((all) => openNextRows(all, gate)))),
    watch: watchers.watch,
    tokenUses: openTokenUses(run),
    deliveries: openDeliveries(run),
    isEmbedded: true,
    close: () => {
      closed = true;
      return Promise.resolve();
    },
  };
};
