/** A dispatch template, as every dialect that has one takes it. */
import * as v from "valibot";
import { templateFault } from "../adapters/validation/bounds.ts";
import { JsonObject, NOT_AN_OBJECT } from "./object.ts";

/** The client's JSON object, of at most 8 KiB as it is stored. It comes back as it was sent. */
export const TemplateSchema = v.pipe(
  JsonObject,
  v.check(
    (template) => templateFault(template) === null,
    ({ input }) => templateFault(input) ?? NOT_AN_OBJECT,
  ),
);
