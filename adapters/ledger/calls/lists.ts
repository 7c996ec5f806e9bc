/**
 * Lists over all organizations, or of one: pages of the rows of a kind, by the ids that we made.
 */
import * as Effect from "effect/Effect";
import type { Subject } from "../../../core/log/state.ts";
import { type ReleaseRequest, releaseRequests } from "../../../core/number/release-requests.ts";
import { noSuchPage } from "../../validation/argument.ts";
import { isWithin } from "../../../core/values/claim-key.ts";
import type { IdPrefix } from "../../../core/values/identity.ts";
import { verifications } from "../../../core/verification/state.ts";
import type { Caller } from "../api/mod.ts";
import type { Listed, ListOptions, ReleaseRequestList, VerificationList } from "../api/lists.ts";
import { scopeOf } from "../engine/scope.ts";
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

/** Whose rows are listed, where that is one organization, and which of them exist for it. */
type Within<Row> = {
  readonly organization: string;
  readonly isSeen: (row: Row) => boolean;
};

/** The end of all ids that begin so: "`" comes after "_". */
const endOf = (prefix: IdPrefix): string => `${prefix}\``;

const list = Effect.fnUntraced(function* <Row, Status>(
  { subject, prefix, statusOf }: Kind<Row, Status>,
  { status, after, limit = PAGE }: ListOptions<Status>,
  within?: Within<Row>,
): Effect.fn.Return<Listed<Row>, never, Ports> {
  const { log } = yield* Ports;
  const isSeen = (organization: string, row: Row): boolean =>
    within === undefined || (within.organization === organization && within.isSeen(row));
  if (after !== undefined) {
    const place = yield* ask(() => log.find(subject.kind, after));
    if (place === null || !isSeen(place.organization, place.row.data as Row)) {
      throw noSuchPage("list.after");
    }
  }
  const from = `${prefix}_`;
  const rows: { readonly organization: string; readonly row: Row }[] = [];
  let [below, last, seen, looked] = [after ?? endOf(prefix), "", "", 0];
  for (;;) {
    const keys = { from, below, organization: within?.organization };
    const found = yield* ask(() => log.rowsOf(subject.kind, keys, READ));
    for (const { organization, row: { key, data } } of found) {
      // The subject of a kind is the only writer of its rows, so they have its type.
      const row = data as Row;
      below = key;
      if (!isSeen(organization, row)) continue;
      seen = key;
      looked += 1;
      if (status !== undefined && statusOf(row) !== status) continue;
      // One more than is shown tells whether there is another page.
      if (rows.length === limit) return { rows, next: last };
      rows.push({ organization, row });
      last = key;
    }
    if (found.length < READ) return { rows, next: null };
    if (looked >= LOOKED_AT) return { rows, next: seen };
  }
});

/** Verifications of all organizations, the newest first. */
export const listVerifications = (options: VerificationList) =>
  list({ subject: verifications, prefix: "vs", statusOf: ({ status }) => status }, options);

const REQUESTS: Kind<ReleaseRequest, ReleaseRequest["outcome"]["status"]> = {
  subject: releaseRequests,
  prefix: "rr",
  statusOf: ({ outcome }) => outcome.status,
};

/** Release requests of all organizations, the newest first. */
export const listAllReleaseRequests = (options: ReleaseRequestList) => list(REQUESTS, options);

/** A page of a caller's release requests, the newest first. */
export const pageOfReleaseRequests = Effect.fnUntraced(function* (
  caller: Caller,
  options: ReleaseRequestList,
) {
  const scope = yield* scopeOf(caller);
  const { organization } = caller;
  const isSeen = ({ world }: ReleaseRequest): boolean => isWithin(scope, world);
  const { rows, next } = yield* list(REQUESTS, options, { organization, isSeen });
  return { requests: rows.map(({ row }) => row), next };
});
