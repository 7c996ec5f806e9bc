/** Readers that follow the log while it is written, and the record of what each was given. */
import fc from "fast-check";
import { type Followed } from "../../adapters/ledger/api/feed.ts";
import { follow, followAll } from "../../adapters/ledger/feed/follow.ts";
import type { EventLog } from "../../core/ports/mod.ts";
import type { Reading } from "./recording.ts";

/** How often a reader polls: the connection for its notifications may be cut. */
const POLL_MS = 250;

type Seen = Reading["seen"][number];

async function* turnsOf(
  log: EventLog,
  of: string | null,
  after: Readonly<Record<string, number>>,
  signal: AbortSignal,
): AsyncGenerator<Pick<Followed, "organization" | "events">> {
  if (of === null) {
    yield* followAll(log, { after, signal, pollMs: POLL_MS });
    return;
  }
  for await (const event of follow(log, of, { after: after[of] ?? 0, signal, pollMs: POLL_MS })) {
    yield { organization: of, events: [event] };
  }
}

/** A reader at work. */
export type Reader = {
  readonly of: string | null;
  /** How far it has come in each organization. */
  readonly positions: Readonly<Record<string, number>>;
  /** Resolves, when it was ended, with what it saw. */
  readonly done: Promise<readonly Reading[]>;
};

/**
 * Begins to follow one organization, or all. Now and then, and whenever its connection fails, it
 * begins again after the positions that it has kept. What else fails ends it.
 */
export const beginReader = (
  log: EventLog,
  { reader, of, seed }: Pick<Reading, "reader" | "of"> & { readonly seed: number },
  signal: AbortSignal,
  isLost: (error: unknown) => boolean,
): Reader => {
  const positions: Record<string, number> = {};
  const [lengths] = fc.sample(fc.infiniteStream(fc.integer({ min: 1, max: 200 })), {
    seed,
    numRuns: 1,
  });
  const readOn = async (seen: Seen[]): Promise<void> => {
    let left: number = lengths?.next().value ?? 0;
    for await (const { organization, events } of turnsOf(log, of, { ...positions }, signal)) {
      for (const { position, hash } of events) {
        seen.push({ organization, position, hash });
        positions[organization] = position;
      }
      left -= 1;
      if (left === 0) return;
    }
  };
  const readAll = async (): Promise<readonly Reading[]> => {
    const readings: Reading[] = [];
    while (!signal.aborted) {
      const seen: Seen[] = [];
      readings.push({ reader, of, after: { ...positions }, seen });
      await readOn(seen).catch((error: unknown) => {
        if (!isLost(error)) throw error;
      });
    }
    return readings;
  };
  const done = readAll();
  // Rejects for every caller that awaits it, and is never unhandled.
  done.catch(() => {});
  return { of, positions, done };
};
