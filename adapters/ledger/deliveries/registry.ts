/** Which endpoints there are, of whom. */
import type { EventLog } from "../../../core/ports/mod.ts";
import { RECONCILIATIONS } from "../../../core/reconciliation/state.ts";
import type { WebhookEndpoint as Endpoint } from "../../../core/webhooks/state.ts";

/** The kind of the rows of endpoints. */
const KIND = "webhookEndpoint";

const PAGE = 1_000;

/** No id is as long, and it is above all of ours. */
const ABOVE_ALL = "\u{10ffff}";

/** An endpoint, with the organization in whose log it is. */
export type Owned = { readonly owner: string; readonly endpoint: Endpoint };

/** The endpoints that are to get something. */
export type Registry = {
  /** Those that get the events of an organization: its own, and the operator's. */
  readonly of: (organization: string) => readonly Owned[];
  /** All but the operator's. */
  readonly organizations: () => readonly Owned[];
  /** Those of the operator. */
  readonly operators: () => readonly Owned[];
  /** Whether there is an endpoint, be it disabled. */
  readonly exists: (id: string) => Promise<boolean>;
  /** One of an owner as it is now; null where it is to get nothing. */
  readonly current: (owner: string, id: string) => Promise<Endpoint | null>;
  /** Reads those of one owner anew. */
  readonly reload: (owner: string) => Promise<void>;
  /** Reads all of them anew. */
  readonly reloadAll: () => Promise<void>;
};

/** Opens the registry of this log; it knows nothing until it was loaded. */
export const openRegistry = (log: Pick<EventLog, "find" | "load" | "rowsOf">): Registry => {
  let known = new Map<string, readonly Endpoint[]>();
  const enabled = (endpoints: readonly Endpoint[]): readonly Endpoint[] =>
    endpoints.filter(({ disabled }) => disabled === null);
  const owned = (owner: string): readonly Owned[] =>
    (known.get(owner) ?? []).map((endpoint) => ({ owner, endpoint }));
  const readAll = async (): Promise<Map<string, readonly Endpoint[]>> => {
    const found = new Map<string, Endpoint[]>();
    for (let below = ABOVE_ALL;;) {
      const page = await log.rowsOf(KIND, { from: "", below }, PAGE);
      for (const { organization, row } of page) {
        const endpoint = row.data as Endpoint;
        found.set(organization, [...found.get(organization) ?? [], endpoint]);
      }
      const last = page[page.length - 1];
      if (last === undefined || page.length < PAGE) break;
      below = last.row.key;
    }
    return new Map([...found].map(([owner, endpoints]) => [owner, enabled(endpoints)]));
  };
  return {
    of: (organization) =>
      organization === RECONCILIATIONS
        ? owned(RECONCILIATIONS)
        : [...owned(organization), ...owned(RECONCILIATIONS)],
    organizations: () =>
      [...known.keys()].filter((owner) => owner !== RECONCILIATIONS).flatMap(owned),
    operators: () => owned(RECONCILIATIONS),
    exists: async (id) => await log.find(KIND, id) !== null,
    current: async (owner, key) => {
      const { rows: [row] } = await log.load(owner, { rows: [{ kind: KIND, key }] });
      const endpoint = (row?.data ?? null) as Endpoint | null;
      return endpoint?.disabled === null ? endpoint : null;
    },
    reload: async (owner) => {
      const { rows } = await log.load(owner, { kinds: [KIND] });
      const endpoints = enabled(rows.map(({ data }) => data as Endpoint));
      if (endpoints.length === 0) known.delete(owner);
      else known.set(owner, endpoints);
    },
    reloadAll: async () => {
      known = await readAll();
    },
  };
};
