/** The webhooks of OpenAPI 3.1: what the ledger posts to the endpoints of its users. */
import { PUBLISHED_NAMES, type PublishedName } from "../../core/published/types.ts";
import { aboutEvent, describeEvent, SIGNED_HEADERS } from "./published.ts";

/** `onNumberTrialEnding` for `number.trial_ending`. */
const idOf = (type: PublishedName): string =>
  `on${
    type.replaceAll("_", ".").split(".").map((word) => `${word[0]?.toUpperCase()}${word.slice(1)}`)
      .join("")
  }`;

const parameters = Object.entries(SIGNED_HEADERS).map(([name, described]) => ({
  name,
  in: "header",
  required: true,
  ...described,
}));

const RESPONSES = {
  "2XX": { description: "The event was taken." },
  "410": { description: "No more is wanted: the endpoint is disabled." },
  "4XX": { description: "Not taken; it is sent again later." },
  "5XX": { description: "Not taken; it is sent again later." },
};

const webhookOf = (type: PublishedName) => {
  const { says, example } = aboutEvent(type);
  return {
    post: {
      operationId: idOf(type),
      summary: says,
      // The signature is what a receiver trusts.
      security: [],
      parameters,
      requestBody: {
        required: true,
        content: { "application/json": { schema: describeEvent(type), example } },
      },
      responses: RESPONSES,
    },
  };
};

/** One for each published type, by its name. */
export const eventWebhooks = (): Readonly<Record<string, unknown>> =>
  Object.fromEntries(PUBLISHED_NAMES.map((type) => [type, webhookOf(type)]));
