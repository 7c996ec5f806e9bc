/** What a Speko client may say of the business behind its organization. */
import * as v from "valibot";
import { CountrySchema } from "../../core/values/country.ts";
import { E164Schema } from "../../core/values/e164.ts";
import { EmailSchema, object, text, WebsiteSchema } from "./fields.ts";

const NAME = text(200);
const PROSE = text(4_000);

/** What a member becomes: one that may be missing (null then), or one that must say something. */
type Member = (schema: v.GenericSchema<string>) => v.GenericSchema<unknown, string | null>;

const missable: Member = (schema) => v.nullish(schema, null);

const filled: Member = (schema) =>
  v.pipe(schema, v.check((value) => value.trim() !== "", "must not be empty"));

// Not every country has states, so an address is whole without one.
const address = (member: Member) =>
  object({
    street: member(NAME),
    city: member(NAME),
    state: missable(NAME),
    postalCode: member(NAME),
    country: member(CountrySchema),
  });

const profile = (member: Member) => ({
  legalName: member(NAME),
  displayName: member(NAME),
  entityType: member(NAME),
  country: member(CountrySchema),
  registrationId: member(NAME),
  website: member(WebsiteSchema),
  useCase: member(PROSE),
  expectedUsage: member(PROSE),
});

const representative = (member: Member) =>
  object({
    name: member(NAME),
    title: member(NAME),
    email: member(EmailSchema),
    phone: member(E164Schema),
  });

/** The body of `PUT /v1/phone-numbers/kyb/draft`: types are checked, and anything may be missing. */
export const DraftSchema = object({
  businessProfile: object({
    ...profile(missable),
    address: v.nullish(address(missable), null),
  }),
  authorizedRepresentative: representative(missable),
  attestationAccepted: v.optional(v.boolean("must be true or false"), false),
});

/** The body of `POST /v1/phone-numbers/kyb/submit`: all of it, and attested. */
export const SubmissionSchema = object({
  businessProfile: object({ ...profile(filled), address: address(filled) }),
  authorizedRepresentative: representative(filled),
  attestationAccepted: v.literal(true, "must be true"),
});
