/** What a server may be given that its settings cannot say. */
import type { Carrier } from "../../../core/ports/mod.ts";
import type { Optional } from "../../validation/optional.ts";
import type { LedgerOptions } from "../../ledger/api/options.ts";
import type { OnLost } from "./log.ts";

/** Adapters and plans of your own; each takes precedence over what the settings say. */
export type ServerParts =
  & Optional<Pick<LedgerOptions, "plans" | "payments" | "notifier" | "webhooks">>
  & {
    /** The carrier that numbers are bought from; the sandbox is beside it. */
    readonly carrier?: Carrier | undefined;
  };

/** The same, and what is called when the database was lost. */
export type ServerOptions = ServerParts & { readonly onLost?: OnLost | undefined };

/** The options, where what is called may stand alone. */
export const optionsOf = (given: ServerOptions | OnLost = {}): ServerOptions =>
  typeof given === "function" ? { onLost: given } : given;
