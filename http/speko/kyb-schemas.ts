/** What a Speko client may say of the business behind its organization. */
import * as v from "valibot";
import { BYTES, CHARACTERS, fitsInto, textOf } from "../../core/values/bounds.ts";
import { CountrySchema } from "../../core/values/country.ts";
import { E164Schema } from "../../core/values/e164.ts";
import { seenOf } from "../../core/values/text.ts";
import { missingOf } from "../../core/verification/address.ts";
import { EmailSchema, object, WebsiteSchema } from "./fields.ts";

const NAME = textOf(CHARACTERS.name);
const PROSE = textOf(CHARACTERS.prose);

/** What a member becomes: one that may be missing (null then), or one that must say something. */
type Member = (schema: v.GenericSchema<string>) => v.GenericSchema<unknown, string | null>;

const missable: Member = (schema) => v.nullish(schema, null);

/** One that may be missing everywhere; an empty text, as forms send it, is a missing one. */
const blankable: Member = (schema) =>
  v.pipe(
    v.nullish(v.string("must be a string"), null),
    v.transform((value) => value === "" ? null : value),
    v.nullable(schema),
  );

const filled: Member = (schema) =>
  v.pipe(schema, v.check((value) => seenOf(value) !== "", "must not be empty"));

const AddressSchema = object({
  street: missable(NAME),
  city: missable(NAME),
  state: missable(NAME),
  postalCode: missable(NAME),
  country: missable(CountrySchema),
});

/** An address with all that its country's addresses have; each member that lacks is named. */
const WholeAddressSchema = v.pipe(
  AddressSchema,
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    for (const key of missingOf(dataset.value)) {
      const path = {
        type: "object",
        origin: "value",
        input: dataset.value,
        key,
        value: dataset.value[key],
      } as const;
      addIssue({ message: "is required", path: [path] });
    }
  }),
);

const profile = (member: Member) => ({
  legalName: member(NAME),
  displayName: member(NAME),
  entityType: member(NAME),
  country: member(CountrySchema),
  // Not every business is registered, and Speko's own clients may leave it out.
  registrationId: blankable(NAME),
  website: member(WebsiteSchema),
  useCase: member(PROSE),
  expectedUsage: member(PROSE),
});

const representative = (member: Member) =>
  object({
    name: member(NAME),
    title: member(NAME),
    email: member(EmailSchema),
    phone: blankable(E164Schema),
  });

/** All of it together, as it is stored: texts that each fit may be too much in sum. */
const bounded = <Content>() =>
  v.check<Content, string>(
    (content) => fitsInto(content, BYTES.verification),
    `must take at most ${BYTES.verification} bytes as JSON`,
  );

/** The body of `PUT /v1/phone-numbers/kyb/draft`: types are checked, and anything may be missing. */
export const DraftSchema = v.pipe(
  object({
    businessProfile: object({
      ...profile(missable),
      address: v.nullish(AddressSchema, null),
    }),
    authorizedRepresentative: representative(missable),
    attestationAccepted: v.optional(v.boolean("must be true or false"), false),
  }),
  bounded(),
);

/** The body of `POST /v1/phone-numbers/kyb/submit`: all of it, and attested. */
export const SubmissionSchema = v.pipe(
  object({
    businessProfile: object({ ...profile(filled), address: WholeAddressSchema }),
    authorizedRepresentative: representative(filled),
    attestationAccepted: v.literal(true, "must be true"),
  }),
  bounded(),
);
