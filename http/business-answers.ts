/** What answers show of the business behind an organization. */
import * as v from "valibot";
import { orNull } from "./answer.ts";

const Text = orNull(v.string());

/** What an organization declares about its business. */
export const BusinessProfileRecord = v.strictObject({
  legalName: Text,
  displayName: Text,
  entityType: Text,
  country: Text,
  registrationId: Text,
  website: Text,
  address: orNull(v.strictObject({
    street: Text,
    city: Text,
    state: Text,
    postalCode: Text,
    country: Text,
  })),
  useCase: Text,
  expectedUsage: Text,
});

/** Who speaks for the business. */
export const RepresentativeRecord = v.strictObject({
  name: Text,
  title: Text,
  email: Text,
  phone: Text,
});

/** What a new submission would begin with. */
export const PrefillRecord = v.strictObject({
  businessProfile: BusinessProfileRecord,
  authorizedRepresentative: RepresentativeRecord,
});
