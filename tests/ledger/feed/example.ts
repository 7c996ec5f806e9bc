import type { Ledger } from "../../../adapters/ledger/mod.ts";
import type { Head, RecordedEvent } from "../../../core/ports/mod.ts";

/** A system that is fed: what it has made of the events, with how far it has come. */
type Target = {
  heads(): Promise<Readonly<Record<string, Head>>>;
  /** Takes the events and the head in one transaction, so that each counts once. */
  take(organization: string, events: readonly RecordedEvent[], head: Head): Promise<void>;
};

export const feed = async (ledger: Ledger, target: Target, signal: AbortSignal): Promise<void> => {
  const turns = ledger.followAll({ after: await target.heads(), signal });
  for await (const { organization, events, head } of turns) {
    await target.take(organization, events, head);
  }
};
