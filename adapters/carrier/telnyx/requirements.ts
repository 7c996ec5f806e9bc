import * as Effect from "effect/Effect";
import type { Market, Requirement } from "../../../core/ports/mod.ts";
import { acceptedAs, type Call, type Client } from "./client.ts";
import { TYPE } from "./offers.ts";
import { RequirementsAnswer } from "./schemas.ts";

/** Regulatory requirements, by country and type of number. */
export type Requirements = {
  readonly of: (market: Market) => Call<readonly Requirement[]>;
};

const PAGE_SIZE = 250;

/** What a requirement may be for; others are ignored. */
const ORDERING: readonly (string | null)[] = ["ordering", "both", null];

/**
 * What must be given to Telnyx before numbers are activated. A requirement of one locality is left
 * out: it does not apply to all numbers of the country, and the order itself reports it.
 */
export const openRequirements = ({ send }: Client): Requirements => ({
  of: Effect.fnUntraced(function* ({ country, type }) {
    const reply = yield* send({
      method: "GET",
      path: "/requirements",
      // It does not delay orders, and orders do not delay it.
      circuit: "requirements",
      query: {
        "filter[country_code]": country,
        "filter[phone_number_type]": TYPE[type],
        "filter[action]": "ordering",
        "page[size]": PAGE_SIZE,
      },
    });
    const { data } = yield* acceptedAs(RequirementsAnswer, reply, "to a question for requirements");
    const rows = data.filter((row) =>
      ORDERING.includes(row.action) && row.locality === null &&
      (row.country_code ?? country) === country &&
      (row.phone_number_type ?? TYPE[type]) === TYPE[type]
    );
    const all = rows.flatMap(({ requirement_types }) => requirement_types);
    const byId = new Map(all.map((one) => [one.id, { ...one, name: one.name ?? one.id }]));
    return [...byId.values()];
  }),
});
