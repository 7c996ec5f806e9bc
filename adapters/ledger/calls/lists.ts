/**
 * Lists over all organizations: pages of the rows of a kind, by the index of the ids that we made.
 */
import * as Effect from "effect/Effect";
import type { Subject } from "../../../core/log/state.ts";
import { releaseRequests } from "../../../core/number/release-requests.ts";
import { noSuchPage } from "../../validation/argument.ts";
import type { IdPrefix } from "../../../core/values/identity.ts";
import { verifications } from "../../../core/verification/state.ts";
import type { Listed, ListOptions, ReleaseRequestList, VerificationList } from "../api/lists.ts";
import { ask, Ports } from "../engine/services.ts";

/** So many rows are read at a time: a verification may have 32 KiB. */
const READ = 100;
/** How many rows are examined for one page; where few have the status, the next page goes on. */
const LOOKED_AT = 2_000;
const PAGE = 50;

/** A kind of row that is listed, what its ids begin with, and the status of one. */
type Kind<Row, Status> = {
  readonly subject: Subject<Row>;
  readonly prefix: IdPrefix;
  readonly statusOf: (row: Row) => Status;
};

/** The end of all ids that begin so: "`" comes after "_". */
const endOf = (prefix: IdPrefix): string => `${prefix}\``;

const list = Effect.fnUntraced(function* <Row, Status>(
  { subject, prefix, statusOf }: Kind<Row, Status>,
  { status, after, limit = PAGE }: ListOptions<Status>,
): Effect.fn.Return<Listed<Row>, never, Ports> {
  const { log } = yield* Ports;
  if (after !== undefined && (yield* ask(() => log.find(subject.kind, after))) === null) {
    throw noSuchPage("list.after");
  }
  const from = `${prefix}_`;
  const rows: { readonly organization: string; readonly row: Row }[] = [];
  let [below, last, looked] = [after ?? endOf(prefix), "", 0];
  for (;;) {
    const keys = { from, below };
    const found = yield* ask(() => log.rowsOf(subject.kind, keys, READ));
    for (const { organization, row: { key, data } } of found) {
      // The subject of a kind is the only writer of its rows, so they have its type.
      const row = data as Row;
      below = key;
      if (status !== undefined && statusOf(row) !== status) continue;
      // One more than is shown tells whether there is another page.
      if (rows.length === limit) return { rows, next: last };
      rows.push({ organization, row });
      last = key;
    }
    if (found.length < READ) return { rows, next: null };
    looked += found.length;
    if (looked >= LOOKED_AT) return { rows, next: below };
  }
});

/** Verifications of all organizations, the newest first. */
export const listVerifications = (options: VerificationList) =>
  list({ subject: verifications, prefix: "vs", statusOf: ({ status }) => status }, options);

/** Release requests of all organizations, the newest first. */
export const listAllReleaseRequests = (options: ReleaseRequestList) =>
  list(
    { subject: releaseRequests, prefix: "rr", statusOf: ({ outcome }) => outcome.status },
    options,
  );
