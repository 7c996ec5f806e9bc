import { charges } from "../number/charges.ts";
import { numbers } from "../number/state.ts";
import { routes } from "../number/routes.ts";
import { offers } from "../number/offers.ts";
import { orders } from "../number/orders.ts";
import { releaseRequests } from "../number/release-requests.ts";
import { connections } from "../organization/connections.ts";
import { requirementGroups } from "../organization/requirement-groups.ts";
import { dailyTallies } from "../organization/daily.ts";
import { purchaseTallies } from "../organization/quotas.ts";
import { assistants, organizations, sipConnections, tokens } from "../organization/state.ts";
import { reconciliations } from "../reconciliation/state.ts";
import { installations } from "../reconciliation/installation.ts";
import { verifications } from "../verification/state.ts";
import { webhookEndpoints } from "../webhooks/state.ts";
import { eventDefinitions, type EventType } from "../events/vocabulary.ts";
import type { AnySubject } from "../log/state.ts";

const ALL = [
  organizations,
  purchaseTallies,
  dailyTallies,
  connections,
  requirementGroups,
  assistants,
  sipConnections,
  tokens,
  numbers,
  charges,
  routes,
  offers,
  orders,
  releaseRequests,
  verifications,
  reconciliations,
  installations,
  webhookEndpoints,
] as const;

/** Every subject there is: their rows together are the state of an organization. */
export const SUBJECTS: readonly AnySubject[] = ALL;

type TypesOf<S> = S extends { readonly keys: infer Keys } ? keyof Keys : never;

/**
 * The events that change no row, with what they are for. An event that no subject folds does not
 * compile before it is named here.
 */
export const ROWLESS: Readonly<Record<Exclude<EventType, TypesOf<typeof ALL[number]>>, string>> = {
  OrphanReleaseStarted: "says in the log what the carrier was asked for",
};

const FOLDING: ReadonlyMap<string, readonly AnySubject[]> = new Map(
  Object.keys(eventDefinitions).map((type) => [
    type,
    SUBJECTS.filter(({ keys }) => Object.hasOwn(keys, type)),
  ]),
);

/** The subjects whose rows an event of this type may touch. */
export const subjectsOf = (type: EventType): readonly AnySubject[] => FOLDING.get(type) ?? [];
