/**
 * The installation: one log, wherever it is kept, with everything that was ever restored from its
 * backups. Its id is in the keys of its orders, so that an order which the log lost is still known
 * to be its own.
 */
import { type Handler, NOTHING } from "../log/decision.ts";
import type { Subject } from "../log/state.ts";
import { type Instant, type Milliseconds, MINUTE_MS } from "../values/calendar.ts";
import { ok } from "../values/result.ts";

/** The installation, as the log of the reconciliations knows it. */
export type Installation = { readonly id: string };

/** The key of the installation's only row. */
export const INSTALLATION = "self";

/** The one row says which installation this log is; it is in the log of the reconciliations. */
export const installations: Subject<Installation, "InstallationNamed"> = {
  kind: "installation",
  keys: { InstallationNamed: () => [INSTALLATION] },
  evolve: (_row, { data }) => ({ id: data.installation }),
};

/** Gives the installation its id, or a new one where `isCopy`. */
export type NameInstallation = {
  readonly type: "NameInstallation";
  readonly installation: string;
  /** This log is a copy that is to run beside the one it was copied from. */
  readonly isCopy: boolean;
};

/** An installation keeps the id that it has, unless it is declared a copy. */
export const nameInstallation: Handler<NameInstallation, never> = {
  needs: () => ({ rows: [{ kind: installations.kind, key: INSTALLATION }] }),
  decide: (state, { installation, isCopy }) => {
    const named = state.get(installations, INSTALLATION);
    const isKept = named !== undefined && (!isCopy || named.id === installation);
    return ok(isKept ? NOTHING : [{ type: "InstallationNamed", data: { installation } }]);
  },
};

const PREFIX = "od_";

const without = (prefix: string, text: string): string =>
  text.startsWith(prefix) ? text.slice(prefix.length) : text;

const prefixOf = (installation: string): string => `${PREFIX}${without("in_", installation)}_`;

/** The key of an order of this installation, made of an id that no other order has. */
export const orderKeyOf = (installation: string, id: string): string =>
  `${prefixOf(installation)}${without(PREFIX, id)}`;

/** Whether this is a key of the installation's orders, whether or not it is in the log. */
export const isKeyOf = (installation: string, orderKey: string): boolean =>
  orderKey.startsWith(prefixOf(installation));

// The alphabet of Crockford's base 32, in which ids begin with 48 bits of the time.
const DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
const ID = /_([0-7][0-9a-hjkmnp-tv-z]{9})[0-9a-hjkmnp-tv-z]{16}$/;

/**
 * When an order key was made; null where its id does not contain the time, as with ids that a
 * program made itself.
 */
export const madeAt = (orderKey: string): Instant | null => {
  const [, time] = ID.exec(orderKey) ?? [];
  if (time === undefined) return null;
  return [...time].reduce((sum, digit) => sum * DIGITS.length + DIGITS.indexOf(digit), 0);
};

/** As far as the clocks of servers may be apart. */
const CLOCKS_APART_MS: Milliseconds = MINUTE_MS;

/**
 * Whether one of the orders that the log does not know was made after this ledger was opened on it.
 * A log that was restored lost only what was ordered before: so another server is at work on a copy
 * of the log, and what it ordered is not lost.
 */
export const isCopied = (lost: Iterable<string>, openedAt: Instant): boolean => {
  for (const key of lost) {
    if ((madeAt(key) ?? openedAt) > openedAt + CLOCKS_APART_MS) return true;
  }
  return false;
};
