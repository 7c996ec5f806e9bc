/**
 * The event stores on PostgreSQL that a TypeScript programmer would otherwise choose, each used as
 * documented: its own tables, its own pool, one event for each append, at an expected version. More
 * connections than their pools' ten made neither of them faster.
 */
import { randomUUID } from "node:crypto";
import { EventStore, EventType } from "@castore/core";
import { PostgresEventStorageAdapter } from "@castore/event-storage-adapter-postgres";
import { getPostgreSQLEventStore } from "@event-driven-io/emmett-postgresql";
import type { PostgresServer } from "../support/postgres.ts";
import { type Caller, calling, ROUTED, ROUTING_CHANGED } from "./appending.ts";

/** What happened, in the form that all have in common. */
export type PeerEvent = { readonly type: string; readonly data: Readonly<Record<string, unknown>> };

/** A third-party event store. */
export type Peer = {
  /** A caller that appends to its own stream, expecting the version it was given before. */
  open(): Caller;
  /** Writes a stream, and returns a function that loads it and folds it into its state. */
  history(events: readonly PeerEvent[]): Promise<() => Promise<unknown>>;
};

const PEER_EVENT: PeerEvent = { type: ROUTING_CHANGED, data: ROUTED };

/** Runs `work` with emmett's store. Its streams begin at version 0. */
export const withEmmett = async <Value>(
  server: PostgresServer,
  work: (emmett: Peer) => Promise<Value>,
): Promise<Value> => {
  const store = getPostgreSQLEventStore(await server.database());
  const append = async (stream: string, version: bigint, events: readonly PeerEvent[]) => {
    const appended = await store.appendToStream(
      stream,
      events.map(({ type, data }) => ({ type, data })),
      { expectedStreamVersion: version },
    );
    return appended.nextExpectedStreamVersion;
  };
  const load = (stream: string) => () =>
    store.aggregateStream(stream, {
      initialState: (): PeerEvent["data"] => ({}),
      evolve: (state: PeerEvent["data"], { data }: PeerEvent) => ({ ...state, ...data }),
    });
  try {
    await store.schema.migrate();
    return await work({
      open: () => {
        const stream = `number-${randomUUID()}`;
        let version = 0n;
        return calling(async () => {
          version = await append(stream, version, [PEER_EVENT]);
        });
      },
      history: async (events) => {
        const stream = `number-${randomUUID()}`;
        await append(stream, 0n, events);
        return load(stream);
      },
    });
  } finally {
    await store.close();
  }
};

type Aggregate = { readonly aggregateId: string; readonly version: number } & PeerEvent["data"];

/** Runs `work` with castore's store. Its aggregates begin at version 1. */
export const withCastore = async <Value>(
  server: PostgresServer,
  work: (castore: Peer) => Promise<Value>,
): Promise<Value> => {
  const connectionString = await server.database();
  await PostgresEventStorageAdapter.createEventTable({ connectionString });
  const store = new EventStore({
    eventStoreId: "NUMBERS",
    eventTypes: [new EventType<string, PeerEvent["data"]>({ type: ROUTING_CHANGED })],
    reducer: (state: Aggregate | undefined, { aggregateId, version, payload }): Aggregate => ({
      ...state,
      ...payload,
      aggregateId,
      version,
    }),
    eventStorageAdapter: new PostgresEventStorageAdapter({ connectionString }),
  });
  const push = (aggregateId: string, version: number, { type, data }: PeerEvent) =>
    store.pushEvent({ aggregateId, version, type, payload: data });
  return await work({
    open: () => {
      const id = randomUUID();
      let version = 0;
      return calling(() => push(id, version += 1, PEER_EVENT));
    },
    history: async (events) => {
      const id = randomUUID();
      for (const [index, event] of events.entries()) await push(id, index + 1, event);
      return () => store.getAggregate(id);
    },
  });
};
