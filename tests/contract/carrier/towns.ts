/** Towns of the sandbox's plans that people write in several ways. */
import type { CarrierSubject } from "../../harness/contract/carrier.ts";

const town = (country: string, areaCode: string, ...ways: readonly string[]) => ({
  filters: { country, type: "local", areaCode, limit: 5 } as const,
  ways,
});

export const TOWNS: NonNullable<CarrierSubject["towns"]> = [
  town("US", "314", "St. Louis", "Saint Louis", "st louis", "SAINT  LOUIS"),
  town("US", "817", "Fort Worth", "Ft. Worth", "ft worth"),
  town("US", "212", "New York", "New York City", "new york city", "NYC"),
  town("CA", "514", "Montréal", "Montreal", "MONTREAL"),
  town("CA", "418", "Québec", "Quebec", "Quebec City"),
  town("CA", "709", "St. John's", "Saint John's", "st john's", "St. John’s"),
];
