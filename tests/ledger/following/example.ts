import type { Ledger } from "../../../adapters/ledger/mod.ts";
import type { RecordedEvent } from "../../../core/ports.ts";

/** A system that is fed: what it has made of the events, with how far it has come. */
type Target = {
  positions(): Promise<Readonly<Record<string, number>>>;
  /** Takes the events and the position in one transaction, so that each counts once. */
  take(organization: string, events: readonly RecordedEvent[], position: number): Promise<void>;
};

export const feed = async (ledger: Ledger, target: Target, signal: AbortSignal): Promise<void> => {
  const turns = ledger.followAll({ after: await target.positions(), signal });
  for await (const { organization, events, position } of turns) {
    await target.take(organization, events, position);
  }
};
