/** What a Speko client may send about numbers. Keys that are not named here are ignored. */
import * as v from "valibot";
import { DirectionSchema } from "../../core/number/events.ts";
import type { SearchFilters } from "../../core/ports.ts";
import { E164Schema } from "../../core/values/e164.ts";
import { IdSchema } from "../../core/values/identity.ts";
import { object, TemplateSchema, text } from "./fields.ts";

const MAX_LABEL = 120;
const MAX_NAME = 200;
const MAX_LIMIT = 50;
const DEFAULT_LIMIT = 10;

const Direction = v.picklist(DirectionSchema.options, "must be inbound, outbound or both");
const Id = v.nullable(IdSchema);

const wishes = {
  label: v.exactOptional(v.nullable(text(MAX_LABEL))),
  agentId: v.exactOptional(Id),
  dispatchMetadataTemplate: v.exactOptional(v.nullable(TemplateSchema)),
};

type Wishes = {
  readonly label?: string | null;
  readonly agentId?: string | null;
  readonly dispatchMetadataTemplate?: Readonly<Record<string, unknown>> | null;
};

/** The wishes under the ledger's names; one that is not there must stay away, as null would clear. */
const renamed = ({ label, agentId, dispatchMetadataTemplate }: Wishes) => ({
  ...(label === undefined ? {} : { label }),
  ...(agentId === undefined ? {} : { assistant: agentId }),
  ...(dispatchMetadataTemplate === undefined ? {} : { template: dispatchMetadataTemplate }),
});

/** The body of `POST /v1/phone-numbers`. */
export const PurchaseSchema = v.pipe(
  object({ e164: E164Schema, direction: v.optional(Direction, "outbound"), ...wishes }),
  v.transform(({ e164, direction, ...rest }) => ({ e164, direction, ...renamed(rest) })),
);

/** The body of `PATCH /v1/phone-numbers/{id}`; a direction can be changed but not cleared. */
export const RoutingSchema = v.pipe(
  object({ direction: v.exactOptional(Direction), ...wishes }),
  v.transform(({ direction, ...rest }) => ({
    ...(direction === undefined ? {} : { direction }),
    ...renamed(rest),
  })),
);

const CONNECTION = "sipConnectionInstallationId";

/** The body of `POST /v1/phone-numbers/import`. A legacy trunk beside an installation is ignored. */
export const ImportSchema = v.pipe(
  object({
    e164: E164Schema,
    sipConnectionInstallationId: v.nullish(IdSchema, null),
    sipTrunkId: v.nullish(IdSchema, null),
    sipProviderName: v.nullish(text(MAX_NAME), null),
    direction: v.optional(Direction, "outbound"),
    ...wishes,
  }),
  v.rawTransform(({ dataset: { value }, addIssue, NEVER }) => {
    const { e164, sipConnectionInstallationId, sipTrunkId, sipProviderName, direction, ...rest } =
      value;
    const shared = { e164, sipProviderName, direction, ...renamed(rest) };
    if (sipConnectionInstallationId !== null) {
      return { ...shared, via: { sipConnection: sipConnectionInstallationId } };
    }
    if (sipTrunkId !== null) return { ...shared, via: { sipTrunk: sipTrunkId } };
    addIssue({
      message: "is required, or a sipTrunkId",
      path: [{ type: "object", origin: "value", input: value, key: CONNECTION, value: null }],
    });
    return NEVER;
  }),
);

/** The query of `GET /v1/phone-numbers/available`: local numbers of the United States. */
export const AvailableSchema = v.pipe(
  v.object({
    areaCode: v.exactOptional(
      v.pipe(v.string(), v.regex(/^\d{3}$/, "must be three digits")),
    ),
    locality: v.exactOptional(v.pipe(text(MAX_NAME), v.nonEmpty("must not be empty"))),
    limit: v.optional(
      v.pipe(
        v.string(),
        v.regex(/^\d{1,9}$/, "must be a whole number"),
        v.transform(Number),
        v.minValue(1, "must be at least 1"),
        v.maxValue(MAX_LIMIT, `must be at most ${MAX_LIMIT}`),
      ),
      String(DEFAULT_LIMIT),
    ),
  }),
  v.transform((query): SearchFilters => ({ country: "US", type: "local", ...query })),
);
