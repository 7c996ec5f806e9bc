/** Whether events are as the AsyncAPI document says, by Ajv. */
import { Ajv, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import { asyncDocumentOf } from "../../http/openapi/asyncapi.ts";

let validator: Ajv | undefined;

const checkOf = (type: string): ValidateFunction | undefined => {
  if (validator === undefined) {
    validator = new Ajv({ strict: false, allErrors: true });
    addFormats.default(validator);
    validator.addSchema(asyncDocumentOf("1.2.3"), "events");
  }
  try {
    return validator.getSchema(`events#/components/messages/${type}/payload`);
  } catch {
    return undefined;
  }
};

/** What the document says against an event that was received. */
export const eventFaults = (event: { readonly type: string }): readonly string[] => {
  const check = checkOf(event.type);
  if (check === undefined) return [`there is no message ${event.type}`];
  if (check(event)) return [];
  return (check.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
};
