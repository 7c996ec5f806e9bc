/** What this process knows of how far logs are, so that a state need not be read again. */
import type { State } from "../../../core/log/state.ts";
import type { Append, Head, RowKey } from "../../../core/ports/mod.ts";
import { openRecent } from "../../../core/values/recent.ts";

/** Of so many organizations it is known how far their logs are. */
const MAX_POSITIONS = 10_000;
/** Of so many organizations the rows are known that changed lately: those that append much. */
const MAX_CHANGING = 64;
/** So many rows are known of an organization. */
const MAX_ROWS = 1_024;

/** How far logs are known to be, and which of their rows changed lately. */
export type LogProgress = {
  /** Notes a head that was read. */
  readonly noteRead: (organization: string, head: Head) => void;
  /** Notes what this process has appended, and the head that this led to. */
  readonly noteAppend: (append: Append, head: Head) => void;
  /** Whether nothing is known to have been appended since. */
  readonly isLatest: (organization: string, state: State) => boolean;
  /**
   * Whether none of these rows has changed since, as far as is known. They are of a kind whose rows
   * are not removed by a key that they are below.
   */
  readonly isLatestOf: (organization: string, state: State, rows: readonly RowKey[]) => boolean;
};

/** At which position each row was changed last; of all that was appended after `since`. */
type Changes = { readonly since: number; readonly rows: Map<string, number> };

const label = ({ kind, key }: RowKey): string => `${kind}\n${key}`;

/** Nothing is known. */
export const openLogProgress = (): LogProgress => {
  const positions = openRecent<number>({ limit: MAX_POSITIONS });
  const changes = openRecent<Changes>({ limit: MAX_CHANGING });
  const lastOf = (organization: string): number => positions.get(organization) ?? 0;
  const isLatest: LogProgress["isLatest"] = (organization, { head }) =>
    head.position === positions.get(organization);

  return {
    noteRead: (organization, { position }) => {
      if (position <= lastOf(organization)) return;
      // Others have appended.
      changes.delete(organization);
      positions.set(organization, position);
    },
    noteAppend: ({ organization, events, rows }, { position }) => {
      const last = lastOf(organization);
      positions.set(organization, Math.max(position, last));
      const known = position - events.length === last ? changes.get(organization) : undefined;
      if (known === undefined || known.rows.size + rows.length > MAX_ROWS) {
        changes.set(organization, { since: Math.max(position, last), rows: new Map() });
        return;
      }
      for (const row of rows) known.rows.set(label(row), position);
      changes.set(organization, known);
    },
    isLatest,
    isLatestOf: (organization, state, rows) => {
      const { position } = state.head;
      const known = changes.get(organization);
      if (known === undefined || position < known.since) return isLatest(organization, state);
      return rows.every((row) => (known.rows.get(label(row)) ?? 0) <= position);
    },
  };
};
