/**
 * What the ledger's calls may be given. Each schema has the name of the argument that it is for.
 */
import * as v from "valibot";
import { FEATURES, NUMBER_TYPES } from "../../../core/ports/carrier.ts";
import { CarrierNameSchema, DIRECTIONS } from "../../../core/events/number.ts";
import { type Actor, isId, isPlainlySeen } from "../../../core/values/identity.ts";
import { CHARACTERS, filledOf, hasAtMost, textOf, textOrNullOf } from "../../validation/bounds.ts";
import { emailOf, isEmail, NOT_AN_EMAIL } from "../../validation/email.ts";
import { kindOf, oneOf, only } from "../../../core/values/choice.ts";
import {
  CallableSchema,
  exactly,
  MomentSchema,
  WaitSchema,
  whole,
} from "../../validation/shapes.ts";
import { isJsonObject, UNFIT, unfitText } from "../../../core/values/text.ts";
import type { Caller, CommandOptions, TokenScope } from "../api/mod.ts";
import type { PurchaseOptions } from "../api/purchase.ts";
import type { VerificationDraft } from "../../../core/verification/draft.ts";
import type { SubmitVerification } from "../../../core/verification/decisions.ts";
import {
  ActorSchema,
  CountrySchema,
  IdSchema,
  NumberCountrySchema,
} from "../../validation/values.ts";

const MAX_REPORTS = 100;

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

const hasBounds = (actor: Actor): boolean =>
  actor.kind !== "user" ||
  (hasAtMost(actor.tokenId, CHARACTERS.name) && hasAtMost(actor.email, CHARACTERS.title) &&
    hasAtMost(actor.name, CHARACTERS.title));

/** What a token is for. */
export const ScopeSchema: v.GenericSchema<TokenScope> = oneOf(["read", "write"]);

export const caller: v.GenericSchema<Caller> = v.object({
  organization: IdSchema,
  actor: v.pipe(
    ActorSchema,
    v.check((actor) => unfitText(actor) === null, UNFIT),
    v.check(hasBounds, "must have a name and an e-mail address of at most 500 characters"),
  ),
  sandbox: v.optional(v.boolean()),
  scope: v.optional(ScopeSchema),
});

/** The caller of a call that changes something. */
export const writer: v.GenericSchema<Caller> = v.pipe(
  caller,
  v.check(({ scope }) => scope !== "read", "has a token that only reads"),
);

/** An id of ours, or of another system. */
export const id = IdSchema;

/** As long as an id, and as the id of the caller before it (`tk_…:`). */
const MAX_COMMAND_ID = 260;

const CommandId = v.pipe(
  v.string(),
  v.check(
    (text) => hasAtMost(text, MAX_COMMAND_ID),
    `must have at most ${MAX_COMMAND_ID} characters`,
  ),
  // An id has no other characters than its parts have.
  v.check(
    (text) => text !== "" && text.isWellFormed() && Array.from(text).every(isId),
    "must be an id of printable characters",
  ),
  v.check(
    isPlainlySeen,
    "must be in Unicode's normal form C, without invisible characters or a space at an end",
  ),
);

/** What makes a call repeatable. */
export const repeating = {
  commandId: v.optional(CommandId),
  onRepeated: v.optional(CallableSchema as v.GenericSchema<() => void>),
};

export const options: v.GenericSchema<CommandOptions | undefined> = v.optional(exactly(repeating));

export const purchaseOptions: v.GenericSchema<PurchaseOptions | undefined> = v.optional(
  exactly({
    ...repeating,
    accepts: v.optional(CallableSchema as v.GenericSchema<PurchaseOptions["accepts"] & object>),
  }),
);

export const token = v.string();

/** As the dialects read it: in capitals or not. An empty text counts as missing. */
const country = v.nullable(
  v.lazy((given) => given === "" ? only("") : CountrySchema),
);

const BUSINESS = {
  legalName: textOrNullOf(CHARACTERS.name),
  displayName: textOrNullOf(CHARACTERS.name),
  entityType: textOrNullOf(CHARACTERS.name),
  country,
  registrationId: textOrNullOf(CHARACTERS.name),
  website: textOrNullOf(CHARACTERS.url),
  address: v.nullable(exactly({
    street: textOrNullOf(CHARACTERS.name),
    city: textOrNullOf(CHARACTERS.name),
    state: textOrNullOf(CHARACTERS.name),
    postalCode: textOrNullOf(CHARACTERS.name),
    country,
  })),
  useCase: textOrNullOf(CHARACTERS.prose),
  expectedUsage: textOrNullOf(CHARACTERS.prose),
};

const REPRESENTATIVE = {
  name: textOrNullOf(CHARACTERS.name),
  title: textOrNullOf(CHARACTERS.name),
  email: v.pipe(
    textOrNullOf(CHARACTERS.email),
    v.check((text) => text === null || text === "" || isEmail(text), NOT_AN_EMAIL),
  ),
  phone: textOrNullOf(CHARACTERS.name),
};

export const draft: v.GenericSchema<VerificationDraft> = exactly({
  businessProfile: exactly(v.partial(v.object(BUSINESS)).entries),
  authorizedRepresentative: exactly(v.partial(v.object(REPRESENTATIVE)).entries),
  attestationAccepted: v.boolean(),
});

export const submission: v.GenericSchema<SubmitVerification["content"]> = exactly({
  businessProfile: exactly(BUSINESS),
  authorizedRepresentative: exactly(REPRESENTATIVE),
  attestationAccepted: only(true),
});

export const reconciliation = v.optional(
  exactly({ carrier: v.optional(CarrierNameSchema) }),
);

export const page = v.optional(exactly({
  before: v.optional(whole(1, Number.MAX_SAFE_INTEGER)),
  limit: v.optional(whole(1, MAX_REPORTS)),
}));

/** A signal that ends a call, where there is one. */
export const SignalSchema = v.optional(
  v.custom<AbortSignal>((given) => given instanceof AbortSignal, "must be an AbortSignal"),
);

const following = {
  signal: SignalSchema,
  pollMs: v.optional(WaitSchema),
};

export const follow = v.optional(exactly({ after: v.optional(Mark), ...following }));

// Not v.record: it leaves out keys such as "constructor", which organizations may be called.
const Cursor = v.pipe(
  v.custom<Record<string, unknown>>(
    isJsonObject,
    "must be an object",
  ),
  v.transform((cursor) => new Map(Object.entries(cursor))),
  v.map(IdSchema, Mark, "must be an object"),
  v.transform((marks) => Object.fromEntries(marks)),
);

export const followAll = v.optional(exactly({ after: v.optional(Cursor), ...following }));

export const organization = exactly({
  name: filledOf(CHARACTERS.title),
  plan: filledOf(CHARACTERS.title),
});

/** The last moment of the year 9999: later ones are not written in ISO 8601 as others are. */
const LAST_MOMENT = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

export const user = exactly({
  email: emailOf(CHARACTERS.title),
  name: filledOf(CHARACTERS.title),
  sandbox: v.boolean(),
  scope: v.optional(ScopeSchema),
  expiresAt: v.optional(v.pipe(
    MomentSchema,
    v.maxValue(LAST_MOMENT, "must be before the year 10000"),
  )),
});

export const credits = exactly({
  amount: exactly({ micros: whole(1, Number.MAX_SAFE_INTEGER), currency: only("USD") }),
});

export const assistant = exactly({ assistant: IdSchema, name: filledOf(CHARACTERS.title) });

export const sipConnection = exactly({
  installation: IdSchema,
  providerName: filledOf(CHARACTERS.title),
  trunk: filledOf(CHARACTERS.title),
  ready: v.boolean(),
});

export const connection = exactly({ connection: IdSchema, label: filledOf(CHARACTERS.title) });

export const requirementGroup = exactly({
  country: NumberCountrySchema,
  type: oneOf(NUMBER_TYPES),
  group: v.nullable(IdSchema),
});

export const review = kindOf("kind", [
  exactly({ kind: only("approve") }),
  exactly({ kind: oneOf(["reject", "revoke"]), reason: filledOf(CHARACTERS.reason) }),
]);

export const resolution = kindOf("kind", [
  exactly({ kind: oneOf(["approve", "cancel"]) }),
  exactly({ kind: only("reject"), reason: filledOf(CHARACTERS.reason) }),
]);

export const milliseconds = whole(0, Number.MAX_SAFE_INTEGER);

const features = v.optional(v.pipe(
  v.array(oneOf(FEATURES)),
  v.maxLength(FEATURES.length, `must name at most ${FEATURES.length} features`),
));

/** As of when numbers are asked for. */
export const when = v.optional(exactly({ asOf: v.optional(MomentSchema) }));

export const numberFilter = v.optional(exactly({
  assistant: v.optional(IdSchema),
  source: v.optional(oneOf(["managed", "imported"])),
  direction: v.optional(oneOf(DIRECTIONS)),
  has: features,
  lacks: features,
  search: v.optional(textOf(CHARACTERS.search)),
}));
