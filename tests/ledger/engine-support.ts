/** The engine alone: commands are given to it as calls give them, on a log in memory. */
import assert from "node:assert/strict";
import * as Cause from "effect/Cause";
import * as Effect from "effect/Effect";
import * as Exit from "effect/Exit";
import { makeAssignments } from "../../adapters/ledger/engine/assignment-queue.ts";
import type { Carried, Done } from "../../adapters/ledger/engine/command.ts";
import { executeOnce } from "../../adapters/ledger/engine/execute.ts";
import { openLogProgress } from "../../adapters/ledger/engine/log-progress.ts";
import { openRounds } from "../../adapters/ledger/engine/rounds.ts";
import { Ports } from "../../adapters/ledger/engine/services.ts";
import { eventLoopTurn } from "../../adapters/ledger/engine/slices.ts";
import { openTestClock } from "../../adapters/clock/test.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { includedPayments } from "../../adapters/payments/included.ts";
import { DEFAULT_PLANS } from "../../core/organization/plans.ts";
import type {
  Append,
  AppendOutcome,
  Clock,
  EventLog,
  Needs,
  Snapshot,
} from "../../core/ports/mod.ts";
import type { Command } from "../../core/registry/commands.ts";
import { HOUR_MS } from "../../core/values/calendar.ts";
import type { Scope } from "../../core/values/claim-key.ts";
import { type Actor, OPERATOR } from "../../core/values/identity.ts";
import { money } from "../../core/values/money.ts";
import { openIdleLedger } from "../support/ledger.ts";
import { e164At } from "../support/many-numbers.ts";

/** What becomes of loads and appends of commands that were given together. */
type Script = {
  readonly load?: (next: () => Promise<Snapshot>, needs: Needs) => Promise<Snapshot>;
  readonly append?: (
    next: () => Promise<AppendOutcome>,
    name: string,
    append: Append,
  ) => Promise<AppendOutcome>;
  /** Called once the command at this place has its result. */
  readonly told?: (place: number) => void;
};

/** What a command is given with. */
type Options = { readonly id?: string; readonly carried?: Carried };

/** Names an assistant, by which its event is recognized. */
export const named = (assistant: string, name = assistant): Command => ({
  type: "NameAssistant",
  assistant,
  name,
});

/** Records that a search found so many numbers. */
export const search = (count = 1): Command => ({
  type: "RecordSearch",
  carrier: "sandbox",
  filters: { country: "US", type: "local", limit: 20 },
  offers: Array.from({ length: count }, (_, place) => ({
    e164: e164At(place),
    type: "local" as const,
    country: "US",
    setup: money(0),
    monthly: money(1_000_000),
    features: ["voice" as const],
    region: { state: null, locality: null, rateCenter: null },
  })),
});

/** What an event is recognized by: the name that it has in it, or its type. */
const nameOf = ({ type, data }: { readonly type: string; readonly data: unknown }): string =>
  String(Object(data).name ?? type);

/** What a command did: `ok`, the code of its refusal, or the message of its error. */
const outcomeOf = (exit: Exit.Exit<Done, { readonly _tag: string }>): string => {
  if (Exit.isSuccess(exit)) return exit.value.repeated ? "repeated" : "ok";
  const error: unknown = Cause.squash(exit.cause);
  return Object(error)._tag ?? Object(error).message;
};

/** A log that notes what `acme` asks of it, and lets a script have it. */
const openTraced = (inner: EventLog) => {
  /** Each load of state, and the names in each append, while there is a script. */
  const trace: string[] = [];
  const appends: Append[] = [];
  let script: Script | null = null;
  /** Once this is appended, there is this script. */
  let begin: { readonly name: string; readonly script: Script } | null = null;
  const { isEmbedded: _, ...elsewhere } = inner;
  const log: EventLog = {
    ...elsewhere,
    load: async (organization, needs) => {
      const next = () => inner.load(organization, needs);
      if (script === null) return await next();
      trace.push("load");
      return await (script.load?.(next, needs) ?? next());
    },
    append: async (append) => {
      const next = () => inner.append(append);
      const name = append.events.map(nameOf).join(" ");
      if (name === begin?.name) {
        const outcome = await next();
        ({ script } = begin);
        return outcome;
      }
      if (script === null) return await next();
      trace.push(name);
      appends.push(append);
      return await (script.append?.(next, name, append) ?? next());
    },
  };
  /** Begins anew, with a script now, or once something is appended. */
  const follow = (to: Script, after?: string): void => {
    trace.length = 0;
    appends.length = 0;
    script = after === undefined ? to : null;
    begin = after === undefined ? null : { name: after, script: to };
  };
  return { log, trace, appends, follow };
};

/** A command, with all that the engine is to know of it. */
type Given = {
  readonly organization: string;
  readonly command: Command;
  readonly saying: { readonly actor: Actor; readonly scope?: Scope | undefined };
} & Options;

/** What gives commands to an engine on this log, which has further ports besides. */
export const openGiving = (log: EventLog, clock: Clock, further: object = {}) => {
  const services = {
    log,
    clock,
    plans: DEFAULT_PLANS,
    carrier: "live",
    rounds: openRounds(),
    progress: openLogProgress(),
    payments: includedPayments,
    assignments: makeAssignments(),
    spans: null,
    ...further,
  } as unknown as Ports["Service"];
  return ({ organization, command, saying: { actor, scope }, id, carried }: Given) =>
    Effect.runPromiseExit(
      executeOnce({
        organization,
        actor,
        command,
        ...(scope !== undefined && { scope }),
        id: id === undefined ? null : { id, content: command },
        carried,
      }).pipe(Effect.provideService(Ports, services)),
    );
};

/**
 * An engine on a log in memory, or on another, with the organization `acme`; and another ledger on
 * that log.
 */
export const openEngine = async (memory: EventLog = openMemoryLog()) => {
  const clock = openTestClock(Date.parse("2026-01-31T10:00:00Z"));
  const other = openIdleLedger(memory);
  await other.operator.open("acme", { name: "Acme Inc", plan: "Scale" });
  const { log, trace, appends, follow } = openTraced(memory);
  const giving = openGiving(log, clock);
  const give = (command: Command, options: Options = {}) =>
    giving({ organization: "acme", command, saying: { actor: OPERATOR }, ...options });
  let begun = 0;
  return {
    log: memory,
    other,
    trace,
    appends,
    give,
    outcomeOf,
    /** So many hours later other offers count. */
    passHour: () => clock.set(clock.now() + HOUR_MS),
    /** Gives one, as the script has it. */
    alone: (command: Command, to: Script = {}, options?: Options) => {
      follow(to);
      return give(command, options);
    },
    /** Gives these while another is under way, so that they wait together, as the script has it. */
    together: async (
      commands: readonly (Command | readonly [Command, Options])[],
      to: Script = {},
    ) => {
      // The round before is over.
      await eventLoopTurn();
      const name = `first ${begun++}`;
      follow(to, name);
      const first = give(named(name));
      const all = commands.map(async (one, place) => {
        const exit = await ("type" in one ? give(one) : give(...one));
        to.told?.(place);
        return exit;
      });
      assert.equal(outcomeOf(await first), "ok");
      const exits = await Promise.all(all);
      return { exits, outcomes: exits.map(outcomeOf) };
    },
    /** The names in the log, in their order. */
    names: async () =>
      (await memory.events("acme", 0, 10_000)).filter(({ type }) => type === "AssistantNamed")
        .map(nameOf).filter((name) => !name.startsWith("first")),
  };
};
