/**
 * Nothing here runs; both type checkers read it. A fold, a rule or a table that forgets an event, a
 * kind of billing or a payment does not compile.
 */
import type { FactOf } from "../../core/events/vocabulary.ts";
import type { Subject } from "../../core/log/state.ts";
import type { NUMBER_KEYS } from "../../core/number/state.ts";
import type { ROWLESS } from "../../core/registry/subjects.ts";
import type { Billing } from "../../core/values/plan.ts";
import { unreachable } from "../../core/values/unreachable.ts";
import { same } from "./refusals.ts";

type Label = { readonly label: string };
type LabelType = "ConnectionRegistered" | "ConnectionRemoved";

const keyOf = ({ data }: FactOf<LabelType>) => [data.connection];

/** A whole subject: each of its events has its keys and its case. */
export const whole: Subject<Label, LabelType> = {
  kind: "label",
  keys: { ConnectionRegistered: keyOf, ConnectionRemoved: keyOf },
  evolve: (_row, event) => {
    switch (event.type) {
      case "ConnectionRegistered":
        return { label: event.data.label };
      case "ConnectionRemoved":
        return undefined;
      default:
        return unreachable(event);
    }
  },
};

/** The fold forgets an event of the subject. */
export const withoutCase: Subject<Label, LabelType> = {
  ...whole,
  evolve: (_row, event) => {
    switch (event.type) {
      case "ConnectionRegistered":
        return { label: event.data.label };
      default:
        // @ts-expect-error ConnectionRemoved is left.
        return unreachable(event);
    }
  },
};

export const withoutKeys: Subject<Label, LabelType> = {
  ...whole,
  // @ts-expect-error ConnectionRemoved has no keys.
  keys: { ConnectionRegistered: keyOf },
};

export const withForeignKeys: Subject<Label, LabelType>["keys"] = {
  ...whole.keys,
  // @ts-expect-error The subject does not fold TokenRevoked.
  TokenRevoked: keyOf,
};

/** An event without a row is named; one that has a row is not. */
same<keyof typeof ROWLESS, "OrphanReleaseStarted">(true);

// A new event of a holding is one of the number's, whatever else folds it.
same<Extract<keyof typeof NUMBER_KEYS, "Renewed" | "RouteDrifted" | "NumberSearched">, "Renewed">(
  true,
);

/** A rule of a plan that forgets a kind of billing. */
export const isPaid = (billing: Billing): boolean => {
  switch (billing) {
    case "trial":
      return false;
    case "subscription":
      return true;
    default:
      // @ts-expect-error credits is left.
      return unreachable(billing);
  }
};
