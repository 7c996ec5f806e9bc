/** What every call of the ledger has: a caller, and an answer. */
import type { Refused } from "../../../core/log/decision.ts";
import type { ArgumentInvalid } from "../../validation/argument.ts";
import type { Actor } from "../../../core/values/identity.ts";
import type { Result } from "../../../core/values/result.ts";

/** On whose behalf a call is made: every event it leads to names the actor. */
export type Caller = {
  readonly organization: string;
  readonly actor: Actor;
  /** Buys from the sandbox carrier, whichever carrier the ledger uses. */
  readonly sandbox?: boolean | undefined;
  /** `read`: calls that change something are refused. Where it is left out, none is. */
  readonly scope?: TokenScope | undefined;
};

/** What a token is for: reading alone, or everything that its organization may do. */
export type TokenScope = "read" | "write";

/**
 * Makes a call repeatable: the same id again adds nothing, and is answered with what is true by
 * now.
 */
export type CommandOptions = {
  readonly commandId?: string | undefined;
  /**
   * Called before the answer where it is that of an earlier call with the same id; must not throw.
   */
  readonly onRepeated?: (() => void) | undefined;
};

/** The carrier could not be used. `unreachable`: nothing was ordered; try again. */
export type CarrierRefusal = Refused<"CARRIER_FAILED"> | Refused<"CARRIER_UNREACHABLE">;

/** The organization has as many searches under way as it may; nothing was asked of the carrier. */
export type TooManySearches = Refused<"RATE_LIMITED">;

/** The command id was used before, for something else. */
export type CommandIdReused = Refused<"COMMAND_ID_REUSED">;

/** The result of a call that changes something: a value, or why it was refused. */
export type Answer<Value, Failure> = Promise<Result<Value, Failure | ArgumentInvalid>>;

/** The same of a call that takes a command id. */
export type RepeatableAnswer<Value, Failure> = Answer<Value, Failure | CommandIdReused>;
