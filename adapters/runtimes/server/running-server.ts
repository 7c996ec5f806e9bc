import type { Milliseconds } from "../../../core/values/calendar.ts";
import type { Ledger } from "../../ledger/api/mod.ts";
import type { Settings } from "./settings.ts";

/** A server that listens. */
export type RunningServer = {
  /** Where it is reached, such as `http://localhost:8787`. */
  readonly url: string;
  /** Where `/admin` is reached when it has a separate listener; otherwise null. */
  readonly adminUrl: string | null;
  readonly ledger: Ledger;
  /** Takes no more connections, finishes the requests under way, and closes the database. */
  stop(): Promise<void>;
};

/** How long a stop waits for a request, beyond what a purchase may wait for its carrier. */
const STOP_SPARE_MS = 3_000;

/** How long a stop waits for the requests under way. */
export const stopLimitOf = ({ waitMs }: Settings): Milliseconds => waitMs + STOP_SPARE_MS;

const nameOf = (host: string): string => {
  if (host === "127.0.0.1" || host === "::1") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
};

/** Where a server is reached that listens at this host and port. */
export const urlOf = (host: string, port: number): string => `http://${nameOf(host)}:${port}`;
