/** What a Speko client may say of the business behind its organization. */
import * as v from "valibot";
import { CHARACTERS, textOf } from "../../adapters/validation/bounds.ts";
import { E164Schema } from "../../core/values/e164.ts";
import { prefilled } from "../../core/verification/draft.ts";
import type { VerificationContent } from "../../core/events/verification.ts";
import type { VerificationIncomplete } from "../../core/verification/completeness.ts";
import { EmailSchema, object, WebsiteSchema } from "./fields.ts";
import { CountrySchema } from "../../adapters/validation/values.ts";

const NAME = textOf(CHARACTERS.name);
const PROSE = textOf(CHARACTERS.prose);

type Text = v.GenericSchema<string>;

/** For optional members, an empty text (as forms send it) counts as missing. */
const blankable = (schema: Text) =>
  v.pipe(
    v.nullable(v.string("must be a string")),
    v.transform((value) => value === "" ? null : value),
    v.nullable(schema),
  );

const clearable = (schema: Text) => v.exactOptional(blankable(schema));

const inAddress = (schema: Text) => v.exactOptional(blankable(schema), null);

/** The members of an address, which is one value: those it leaves out are missing. */
export const ADDRESS = {
  street: inAddress(NAME),
  city: inAddress(NAME),
  state: inAddress(NAME),
  postalCode: inAddress(NAME),
  country: inAddress(CountrySchema),
};

const AddressSchema = object(ADDRESS);

/** The members of a draft's business besides its address: null and an empty text clear them. */
export const BUSINESS = {
  legalName: clearable(NAME),
  displayName: clearable(NAME),
  entityType: clearable(NAME),
  country: clearable(CountrySchema),
  registrationId: clearable(NAME),
  website: clearable(WebsiteSchema),
  useCase: clearable(PROSE),
  expectedUsage: clearable(PROSE),
};

/** The same of the person who speaks for it. */
export const REPRESENTATIVE = {
  name: clearable(NAME),
  title: clearable(NAME),
  email: clearable(EmailSchema),
  phone: clearable(E164Schema),
};

/**
 * The body of `PUT /v1/phone-numbers/kyb/draft`: types are checked, and anything may be missing.
 * What is left out stays so, since null and an empty text clear what was said before.
 */
export const DraftSchema = object({
  businessProfile: object({
    ...BUSINESS,
    address: v.exactOptional(v.nullable(AddressSchema)),
  }),
  authorizedRepresentative: object(REPRESENTATIVE),
  attestationAccepted: v.optional(v.boolean("must be true or false"), false),
});

/**
 * The body of `POST /v1/phone-numbers/kyb/submit`: types are checked, and that it is attested. What
 * is left out is missing; whether it may be, the ledger decides.
 */
export const SubmissionSchema = v.pipe(
  object({
    businessProfile: object({
      legalName: v.exactOptional(NAME),
      displayName: v.exactOptional(NAME),
      entityType: v.exactOptional(NAME),
      country: v.exactOptional(CountrySchema),
      registrationId: clearable(NAME),
      website: v.exactOptional(WebsiteSchema),
      useCase: v.exactOptional(PROSE),
      expectedUsage: v.exactOptional(PROSE),
      address: v.exactOptional(AddressSchema),
    }),
    authorizedRepresentative: object({
      name: v.exactOptional(NAME),
      title: v.exactOptional(NAME),
      email: v.exactOptional(EmailSchema),
      phone: clearable(E164Schema),
    }),
    attestationAccepted: v.literal(true, "must be true"),
  }),
  v.transform((given) => ({ ...prefilled(given), attestationAccepted: true as const })),
);

/** What is wrong with each member that a submission lacks, by its path. */
export const lacking = (
  { missing }: VerificationIncomplete,
  { businessProfile, authorizedRepresentative }: VerificationContent,
): Readonly<Record<string, readonly string[]>> => {
  const said: Readonly<Record<string, unknown>> = {
    ...businessProfile,
    ...authorizedRepresentative,
  };
  const faultOf = (path: string): string => {
    const [, member = "", inAddress] = path.split(".");
    return inAddress !== undefined || said[member] === null ? "is required" : "must not be empty";
  };
  return Object.fromEntries(missing.map((path) => [path, [faultOf(path)]]));
};
