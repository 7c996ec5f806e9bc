/** Events of numbers whose carrier requires documents. */
import type { OrderWait } from "../../../core/ports/carrier.ts";
import type { DomainEvent } from "../../../core/events/vocabulary.ts";
import { PN } from "./events.ts";

/** The operator set what fulfils the carrier's requirements for local numbers of the country. */
export const groupSet = (group: string | null, country = "US"): DomainEvent => ({
  type: "RequirementGroupSet",
  data: { country, type: "local", group },
});

/** The order waits for this at the carrier. */
export const orderWaits = (waitsFor: OrderWait | null, holding = PN): DomainEvent => ({
  type: "OrderWaits",
  data: { holding, waitsFor },
});
