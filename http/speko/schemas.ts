/** What a Speko client may send about numbers. Keys that are not named here are ignored. */
import * as v from "valibot";
import { wholeText } from "../../adapters/validation/shapes.ts";
import { PatternSchema } from "../pattern.ts";
import { FEATURES } from "../../core/ports/carrier.ts";
import { DIRECTIONS } from "../../core/events/number.ts";
import { CHARACTERS, filledOf, textOf } from "../../adapters/validation/bounds.ts";
import { E164Schema } from "../../core/values/e164.ts";
import { TemplateSchema } from "../template.ts";
import { object } from "./fields.ts";
import { IdSchema } from "../../adapters/validation/values.ts";

const MAX_LIMIT = 50;
const DEFAULT_LIMIT = 10;
const MAX_FEATURES = FEATURES.length;

const Direction = v.picklist(DIRECTIONS, "must be inbound, outbound or both");

const wishes = {
  label: v.exactOptional(v.nullable(textOf(CHARACTERS.label))),
  agentId: v.exactOptional(v.nullable(IdSchema)),
  dispatchMetadataTemplate: v.exactOptional(v.nullable(TemplateSchema)),
};

/** The body of `POST /v1/phone-numbers`. */
export const PurchaseSchema = object({
  e164: E164Schema,
  direction: v.optional(Direction, "outbound"),
  ...wishes,
});

/** The body of `PATCH /v1/phone-numbers/{id}`; a direction can be changed but not cleared. */
export const RoutingSchema = object({ direction: v.exactOptional(Direction), ...wishes });

const INSTALLATION = "sipConnectionInstallationId";

/** An optional id; an empty text, as forms send it, counts as missing. */
const Reference = v.pipe(
  v.nullish(v.string("must be a string"), null),
  v.transform((id) => id === "" ? null : id),
  v.nullable(IdSchema),
);

/**
 * The body of `POST /v1/phone-numbers/import`. A legacy trunk beside an installation is ignored.
 */
export const ImportSchema = v.pipe(
  object({
    e164: E164Schema,
    [INSTALLATION]: Reference,
    sipTrunkId: Reference,
    sipProviderName: v.nullish(textOf(CHARACTERS.name), null),
    direction: v.optional(Direction, "outbound"),
    ...wishes,
  }),
  v.rawTransform(({ dataset: { value }, addIssue, NEVER }) => {
    const { [INSTALLATION]: sipConnection, sipTrunkId: sipTrunk, ...rest } = value;
    if (sipConnection !== null) return { ...rest, via: { sipConnection } };
    if (sipTrunk !== null) return { ...rest, via: { sipTrunk } };
    addIssue({
      message: "is required, or a sipTrunkId",
      path: [{ type: "object", origin: "value", input: value, key: INSTALLATION, value: null }],
    });
    return NEVER;
  }),
);

/** A page length, as a query has it. */
const limitUpTo = (most: number, unlessGiven: number) =>
  v.optional(wholeText(1, most), String(unlessGiven));

const FEATURE_RULE = `must be one of ${FEATURES.join(", ")}; several have commas between`;

const Features = v.pipe(
  v.string(),
  v.transform((text) => text.split(",", MAX_FEATURES + 1)),
  v.maxLength(MAX_FEATURES, `must name at most ${MAX_FEATURES} features`),
  v.array(v.pipe(v.string(), v.trim(), v.picklist(FEATURES, FEATURE_RULE))),
);

/**
 * The query of `GET /v1/phone-numbers/available`. Of it `areaCode`, `locality` and `limit` are
 * Speko's; the others are ours.
 */
export const AvailableSchema = v.object({
  areaCode: v.exactOptional(v.pipe(v.string(), v.regex(/^\d{3}$/, "must be three digits"))),
  locality: v.exactOptional(filledOf(CHARACTERS.name)),
  features: v.exactOptional(Features),
  contains: v.exactOptional(PatternSchema),
  startsWith: v.exactOptional(PatternSchema),
  endsWith: v.exactOptional(PatternSchema),
  nearby: v.exactOptional(v.pipe(
    v.picklist(["true", "false"], "must be true or false"),
    v.transform((text) => text === "true"),
  )),
  limit: limitUpTo(MAX_LIMIT, DEFAULT_LIMIT),
});

const MAX_ENTRIES = 100;
const DEFAULT_ENTRIES = 50;

/** What a cursor must be: completes a sentence that begins with the parameter's name. */
export const CURSOR_RULE =
  "must be the nextCursor of an earlier answer; leave it out for the first page";

/**
 * The query of `GET /v1/credits/ledger`; the ledger checks that an earlier answer gave the cursor.
 */
export const LedgerSchema = v.object({
  limit: limitUpTo(MAX_ENTRIES, DEFAULT_ENTRIES),
  cursor: v.exactOptional(
    v.pipe(
      v.string(),
      v.regex(/^[1-9]\d{0,14}$/, CURSOR_RULE),
      v.transform(Number),
    ),
  ),
});
