/** What is there at the end of a run, as it is recorded. */
import { eventsOf, organizationsOf } from "../../core/log/pages.ts";
import { SUBJECTS } from "../../core/registry/subjects.ts";
import type { Carrier, Claim, EventLog, RecordedEvent } from "../../core/ports/mod.ts";
import { claimKeysOf } from "../../core/values/claim-key.ts";
import { isE164 } from "../../core/values/e164.ts";
import type { Book, Recording } from "./recording.ts";

const KINDS = SUBJECTS.map(({ kind }) => kind);

/** Gives when each event of an organization was committed. */
export type Commits = (events: readonly RecordedEvent[]) => Promise<readonly number[]>;

const bookOf = async (log: EventLog, organization: string, commits: Commits): Promise<Book> => {
  const events: RecordedEvent[] = [];
  for await (const page of eventsOf(log, organization)) events.push(...page);
  const { rows } = await log.load(organization, { kinds: KINDS });
  return { organization, events, committed_us: await commits(events), rows };
};

const claimsOn = async (log: EventLog, numbers: readonly string[]): Promise<readonly Claim[]> => {
  const found = await Promise.all(
    numbers.filter(isE164).map(async (e164) =>
      (await log.load("", { claims: claimKeysOf(e164) })).claims
    ),
  );
  return found.flat();
};

const soldBy = async (carrier: Carrier): Promise<Recording["sold"]> => {
  const sold: { carrierId: string; e164: string }[] = [];
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<Carrier["inventory"]>> = await carrier.inventory(after);
    if (!page.ok) throw new Error(page.error.message);
    sold.push(...page.value.numbers.map(({ carrierId, e164 }) => ({ carrierId, e164 })));
    after = page.value.next;
  } while (after !== null);
  return sold;
};

/** Reads all logs, rows, the claims on these numbers, and the carrier's books. */
export const collect = async (
  log: EventLog,
  carrier: Carrier,
  numbers: readonly string[],
  commits: Commits,
): Promise<Pick<Recording, "books" | "claims" | "sold">> => {
  const books: Book[] = [];
  for await (const organization of organizationsOf(log)) {
    books.push(await bookOf(log, organization, commits));
  }
  return { books, claims: await claimsOn(log, numbers), sold: await soldBy(carrier) };
};
