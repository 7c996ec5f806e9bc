/** What the ledger's calls may be given. Each schema has the name of the argument that it is for. */
import * as v from "valibot";
import { NUMBER_TYPES } from "../../core/carrier.ts";
import { CAMPAIGN_STATUSES, DIRECTIONS, type SmsCampaign } from "../../core/number/events.ts";
import { CarrierNameSchema } from "../../core/number/schemas.ts";
import { E164Schema } from "../../core/values/e164.ts";
import { ActorSchema, IdSchema, isId } from "../../core/values/identity.ts";
import {
  exactly,
  FilledSchema,
  MomentSchema,
  WaitSchema,
  whole,
} from "../../core/values/shapes.ts";
import { TextSchema, unfitText } from "../../core/values/text.ts";
import type { Caller, CommandOptions } from "./api.ts";
import type { VerificationContent } from "../../core/verification/events.ts";

const MAX_OFFERS = 100;
const MAX_REPORTS = 100;
const MAX_SET = 10_000;
const MAX_DEPTH = 64;

const Position = whole(0, Number.MAX_SAFE_INTEGER);

const HASH = v.pipe(
  v.string(),
  v.regex(/^(?:[0-9a-f]{64})?$/, "must be a hash of 64 hex digits, as the event has it"),
);

// Not strict: an event is taken as it is, of which only these two count.
const Mark = v.union(
  [
    Position,
    v.pipe(
      v.object({ position: Position, hash: HASH }),
      v.check(
        ({ position, hash }) => position === 0 || hash !== "",
        "must have the hash of the event",
      ),
    ),
  ],
  "must be a position, or the position and the hash of an event",
);

const MissingText = v.nullable(TextSchema);

const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
};

/** Whether JSON tells all of it, and whoever reads it recursively has enough stack. */
const isJson = (value: unknown, depth = 0): boolean => {
  if (value === null || typeof value === "boolean") return true;
  if (typeof value === "string") return unfitText(value) === null;
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object" || depth === MAX_DEPTH) return false;
  if (Array.isArray(value)) return value.every((inner) => isJson(inner, depth + 1));
  return isPlain(value) &&
    Object.entries(value).every(([key, inner]) =>
      unfitText(key) === null && isJson(inner, depth + 1)
    );
};

const Template = v.pipe(
  v.custom<Record<string, unknown>>(
    (value) => typeof value === "object" && !Array.isArray(value) && isJson(value),
    `must be a JSON object, nested at most ${MAX_DEPTH} levels deep`,
  ),
  v.transform((template) => structuredClone(template)),
);

export const caller: v.GenericSchema<Caller> = v.object({
  organization: IdSchema,
  actor: v.pipe(
    ActorSchema,
    v.check((actor) => unfitText(actor) === null, "must not hold NUL or half a surrogate pair"),
  ),
  sandbox: v.optional(v.boolean()),
});

/** An id of ours, or of another system. */
export const id = IdSchema;

/** As long as an id, and as the id of the caller before it (`tk_…:`). */
const MAX_COMMAND_ID = 260;

const CommandId = v.pipe(
  v.string(),
  v.maxLength(MAX_COMMAND_ID, `must have at most ${MAX_COMMAND_ID} characters`),
  // An id has no other characters than its parts have.
  v.check(
    (text) => text !== "" && text.isWellFormed() && Array.from(text).every(isId),
    "must be an id of printable characters",
  ),
);

export const options: v.GenericSchema<CommandOptions | undefined> = v.optional(
  exactly({ commandId: v.optional(CommandId) }),
);

export const token = v.string();

export const filters = exactly({
  country: v.pipe(
    v.string(),
    v.regex(/^[A-Z]{2}$/, "must be a country code of two letters (ISO 3166-1 alpha-2)"),
  ),
  type: v.picklist(NUMBER_TYPES),
  areaCode: v.optional(v.pipe(v.string(), v.regex(/^\d{3}$/, "must be three digits"))),
  locality: v.optional(FilledSchema),
  limit: whole(1, MAX_OFFERS),
});

const routing = {
  direction: v.optional(v.picklist(DIRECTIONS)),
  label: v.optional(MissingText),
  template: v.optional(v.nullable(Template)),
  assistant: v.optional(v.nullable(IdSchema)),
};

export const purchase = exactly({
  e164: E164Schema,
  connection: v.optional(v.nullable(IdSchema)),
  ...routing,
});

export const imported = exactly({
  e164: E164Schema,
  via: v.union(
    [exactly({ sipConnection: IdSchema }), exactly({ sipTrunk: IdSchema })],
    "must be a sipConnection or a sipTrunk",
  ),
  sipProviderName: v.optional(MissingText),
  ...routing,
});

export const route = exactly(routing);

export const ids = v.pipe(
  v.array(IdSchema),
  v.maxLength(MAX_SET, `must name at most ${MAX_SET} numbers`),
);

export const on = v.boolean();

export const campaign: v.GenericSchema<SmsCampaign> = exactly({
  profile: MissingText,
  campaign: MissingText,
  status: v.picklist(CAMPAIGN_STATUSES),
});

export const asOf = v.optional(exactly({ asOf: v.optional(MomentSchema) }));

export const releaseRequest = exactly({ holding: IdSchema, reason: FilledSchema });

const business = {
  businessProfile: exactly({
    legalName: MissingText,
    displayName: MissingText,
    entityType: MissingText,
    country: MissingText,
    registrationId: MissingText,
    website: MissingText,
    address: v.nullable(exactly({
      street: MissingText,
      city: MissingText,
      state: MissingText,
      postalCode: MissingText,
      country: MissingText,
    })),
    useCase: MissingText,
    expectedUsage: MissingText,
  }),
  authorizedRepresentative: exactly({
    name: MissingText,
    title: MissingText,
    email: MissingText,
    phone: MissingText,
  }),
};

export const draft: v.GenericSchema<VerificationContent> = exactly({
  ...business,
  attestationAccepted: v.boolean(),
});

export const submission: v.GenericSchema<VerificationContent> = exactly({
  ...business,
  attestationAccepted: v.literal(true),
});

export const reconciliation = v.optional(
  exactly({ carrier: v.optional(CarrierNameSchema) }),
);

export const page = v.optional(exactly({
  before: v.optional(whole(1, Number.MAX_SAFE_INTEGER)),
  limit: v.optional(whole(1, MAX_REPORTS)),
}));

const following = {
  signal: v.optional(v.instance(AbortSignal, "must be an AbortSignal")),
  pollMs: v.optional(WaitSchema),
};

export const follow = v.optional(exactly({ after: v.optional(Mark), ...following }));

// Not v.record: it leaves out keys such as "constructor", which organizations may be called.
const Cursor = v.pipe(
  v.custom<Record<string, unknown>>(
    (value) => typeof value === "object" && value !== null && !Array.isArray(value),
    "must be an object",
  ),
  v.transform((cursor) => new Map(Object.entries(cursor))),
  v.map(IdSchema, Mark),
  v.transform((marks) => Object.fromEntries(marks)),
);

export const followAll = v.optional(exactly({ after: v.optional(Cursor), ...following }));

export const organization = exactly({ name: FilledSchema, plan: FilledSchema });

export const user = exactly({ email: FilledSchema, name: FilledSchema, sandbox: v.boolean() });

export const credits = exactly({
  amount: exactly({ micros: whole(1, Number.MAX_SAFE_INTEGER), currency: v.literal("USD") }),
});

export const assistant = exactly({ assistant: IdSchema, name: FilledSchema });

export const sipConnection = exactly({
  installation: IdSchema,
  providerName: FilledSchema,
  trunk: FilledSchema,
  ready: v.boolean(),
});

export const review = v.variant("kind", [
  exactly({ kind: v.literal("approve") }),
  exactly({ kind: v.picklist(["reject", "revoke"]), reason: FilledSchema }),
]);

export const resolution = v.variant("kind", [
  exactly({ kind: v.picklist(["approve", "cancel"]) }),
  exactly({ kind: v.literal("reject"), reason: FilledSchema }),
]);

export const milliseconds = whole(0, Number.MAX_SAFE_INTEGER);
