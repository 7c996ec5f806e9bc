/** Which endpoints there are, of whom. */
import type { EventLog } from "../../../core/ports/mod.ts";
import { RECONCILIATIONS } from "../../../core/reconciliation/state.ts";
import { type WebhookEndpoint, webhookEndpoints } from "../../../core/webhooks/state.ts";
import { openTurns } from "../engine/turns.ts";

const { kind } = webhookEndpoints;

const PAGE = 1_000;

/** Above all ids of ours. */
const ABOVE_ALL = "wh`";

/** An endpoint, with the organization in whose log it is. */
export type Owned = { readonly owner: string; readonly endpoint: WebhookEndpoint };

/** The endpoints that are to get something, as they were read last. */
export type Registry = {
  readonly isEmpty: () => boolean;
  /** Those that get the events of an organization: its own, and the operator's. */
  readonly of: (organization: string) => readonly Owned[];
  readonly get: (id: string) => Owned | undefined;
  /** Whether there is an endpoint, be it disabled. */
  readonly exists: (id: string) => Promise<boolean>;
  /** One of an owner as it is now; null where it is to get nothing. */
  readonly current: (owner: string, id: string) => Promise<WebhookEndpoint | null>;
  /** Reads those of one owner anew. */
  readonly reload: (owner: string) => Promise<void>;
  /** Reads all of them anew. */
  readonly reloadAll: () => Promise<void>;
};

type Log = Pick<EventLog, "find" | "load" | "rowsOf">;

const isEnabled = ({ disabled }: WebhookEndpoint): boolean => disabled === null;

/** A row of the subject is one of its own. */
const endpointOf = ({ data }: { readonly data: unknown }) => data as WebhookEndpoint;

const readAll = async (log: Log): Promise<readonly Owned[]> => {
  const found: Owned[] = [];
  for (let below = ABOVE_ALL;;) {
    const page = await log.rowsOf(kind, { from: "", below }, PAGE);
    for (const { organization: owner, row } of page) {
      if (isEnabled(endpointOf(row))) found.push({ owner, endpoint: endpointOf(row) });
    }
    const last = page[page.length - 1];
    if (last === undefined || page.length < PAGE) return found;
    below = last.row.key;
  }
};

/** Opens the registry of this log; it knows nothing until it was loaded. */
export const openRegistry = (log: Log): Registry => {
  let byId = new Map<string, Owned>();
  let byOwner = new Map<string, readonly Owned[]>();
  // What is read later is newer.
  const { goOn: inTurn } = openTurns({ places: 1, waiting: 0 });
  const know = (all: Iterable<Owned>): void => {
    byId = new Map([...all].map((owned) => [owned.endpoint.id, owned]));
    byOwner = new Map();
    for (const owned of byId.values()) {
      byOwner.set(owned.owner, [...byOwner.get(owned.owner) ?? [], owned]);
    }
  };
  const ofOwner = (owner: string): readonly Owned[] => byOwner.get(owner) ?? [];
  return {
    isEmpty: () => byId.size === 0,
    of: (organization) =>
      organization === RECONCILIATIONS
        ? ofOwner(RECONCILIATIONS)
        : [...ofOwner(organization), ...ofOwner(RECONCILIATIONS)],
    get: (id) => byId.get(id),
    exists: async (id) => await log.find(kind, id) !== null,
    current: async (owner, key) => {
      const { rows: [row] } = await log.load(owner, { rows: [{ kind, key }] });
      return row !== undefined && isEnabled(endpointOf(row)) ? endpointOf(row) : null;
    },
    reload: (owner) =>
      inTurn(async () => {
        const { rows } = await log.load(owner, { kinds: [kind] });
        const own = rows.map(endpointOf).filter(isEnabled)
          .map((endpoint) => ({ owner, endpoint }));
        know([...[...byId.values()].filter((owned) => owned.owner !== owner), ...own]);
      }),
    reloadAll: () => inTurn(async () => know(await readAll(log))),
  };
};
