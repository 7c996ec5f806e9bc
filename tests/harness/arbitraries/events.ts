/** Any single event: what the log must be able to keep. */
import fc from "fast-check";
import { type DomainEvent, eventDefinitions } from "../../../core/events/vocabulary.ts";
import { ofSchema } from "./schemas.ts";

/** An event of any type there is, with any data that its schema accepts; it need not make sense. */
export const event: fc.Arbitrary<DomainEvent> = fc.oneof(
  ...Object.entries(eventDefinitions).map(([type, { schema }]) =>
    fc.record({ type: fc.constant(type), data: ofSchema(schema) }, { noNullPrototype: true })
  ),
) as fc.Arbitrary<DomainEvent>;
