import type { PlanCatalogue } from "../values/plan.ts";
import type { Needs } from "../ports/mod.ts";
import type { Instant } from "../values/calendar.ts";
import type { Scope, World } from "../values/claim-key.ts";
import type { Actor } from "../values/identity.ts";
import type { Result } from "../values/result.ts";
import type { DomainEvent } from "../events/vocabulary.ts";
import type { State } from "./state.ts";

/**
 * What a decision knows besides the command and the state: time comes in, it is never asked for.
 */
export type Context = {
  readonly organization: string;
  readonly now: Instant;
  readonly actor: Actor;
  readonly plans: PlanCatalogue;
  /** What the caller of the command sees and changes; automations and the operator: everything. */
  readonly scope: Scope;
  /**
   * The world of the ledger's own carrier. Where it is the live one, the sandbox's costs nothing.
   */
  readonly own: World;
  /** Whether every charge is paid without asking anyone (`Charging.isIncluded`). */
  readonly isIncluded?: boolean | undefined;
};

/** What a context says of worlds where the ledger's own carrier is the sandbox: there is one. */
export const ONE_WORLD: Pick<Context, "scope" | "own"> = { scope: "all", own: "sandbox" };

/** Why a command is refused: a code from a closed union and a sentence for the caller. */
export type Refused<Code extends string> = { readonly code: Code; readonly message: string };

/** Events to append (none when the command changes nothing), or a refusal. */
export type Decision<Refusal> = Result<readonly DomainEvent[], Refusal>;

/** How one command is decided: what it must read, and what follows from that. */
export type Handler<Command, Refusal> = {
  readonly needs: (command: Command, now: Instant) => Needs;
  /** What must also be read, depending on the first rows; `{}` when nothing more. */
  readonly more?: (state: State, command: Command) => Needs;
  readonly decide: (state: State, command: Command, context: Context) => Decision<Refusal>;
};

/** The command is done already, or changes nothing. */
export const NOTHING: readonly DomainEvent[] = [];

/** Whether two JSON values are the same, keys in the same order. */
export const sameJson = (a: unknown, b: unknown): boolean =>
  JSON.stringify(a) === JSON.stringify(b);
