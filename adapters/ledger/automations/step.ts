/** What an automation does with one item of its list, and what becomes of a step that fails. */
import * as Effect from "effect/Effect";
import type { Refusal } from "../../../core/registry/commands.ts";
import type { RowKey } from "../../../core/ports/mod.ts";
import type { CarrierFailure } from "../engine/carrier-calls.ts";
import type { Done } from "../engine/command.ts";
import type { Tagged } from "../engine/refusals.ts";
import { Ports } from "../engine/services.ts";

/** Whether an automation's item moved on, or stays on its list to be looked at again. */
export type Progress = "done" | "open";

/** It is not known whether money was taken, or given back. */
export type PaymentUnknown = { readonly _tag: "PaymentUnknown" };

/** Why a step went no further: a refused command, a carrier or a payment that failed. */
export type StepFailure = Tagged<Refusal> | CarrierFailure | PaymentUnknown;

/** One step of an item. Where it fails, its item stays on its list, and is tried again later. */
export type Step = Effect.Effect<Progress, StepFailure, Ports>;

/** A command that added nothing has not moved its item. */
export const progressOf = ({ events }: Done): Progress => events.length > 0 ? "done" : "open";

/** Why a step went no further, as a sentence for the operator. */
const sentenceOf = (failure: StepFailure): string =>
  "message" in failure ? failure.message : "It is not known whether the payment was made.";

const BROKEN = "It failed with an error, which was reported.";

/**
 * A step as it is run: never interrupted, and without failures. One that fails leaves its item
 * open, since the list is the retry; so does one that throws, which is also reported. `note` is
 * called with the reason.
 */
export const carefully = (
  what: string,
  step: Step,
  note: (why: string) => void = () => {},
): Effect.Effect<Progress, never, Ports> =>
  step.pipe(
    Effect.catch((failure) =>
      Effect.sync((): Progress => {
        note(sentenceOf(failure));
        return "open";
      })
    ),
    Effect.catchDefect((defect) =>
      Effect.map(Ports, ({ report }): Progress => {
        report(what, defect);
        note(BROKEN);
        return "open";
      })
    ),
    Effect.uninterruptible,
  );

/** An item of an automation's list: the row that it is about, and whose. */
export type Item = RowKey & { readonly organization: string };

/** Names an item of an automation's list; at most one worker handles it. */
export const itemKey = ({ organization, kind, key }: Item): string =>
  JSON.stringify([organization, kind, key]);
