/** Validates the arguments that a program passes to a call, before anything is done with them. */
import * as v from "valibot";
import { check } from "./issue.ts";
import { failed, ok, type Result } from "../../core/values/result.ts";
import { tag } from "../../core/values/tag.ts";

/** An argument does not fit; `path` names it, and which field of it: `caller.organization`. */
export type ArgumentInvalid = {
  readonly code: "INVALID_ARGUMENT";
  readonly message: string;
  readonly path: string;
};

/** A call without refusals was given an argument that does not fit; nothing was done. */
export class InvalidArgument extends Error {
  static {
    tag(this, "InvalidArgument");
  }
  override readonly name = "InvalidArgument";
  readonly code: ArgumentInvalid["code"];
  /** Which argument, and which field of it: `caller.organization`. */
  readonly path: string;

  constructor({ code, path, message }: ArgumentInvalid) {
    super(message);
    this.code = code;
    this.path = path;
  }
}

/**
 * The message for a page that is requested after a cursor no page gave (a position beyond the log,
 * an unknown id): an empty page would be taken for the end of the list.
 */
export const noSuchPage = (path: string): InvalidArgument =>
  new InvalidArgument({
    code: "INVALID_ARGUMENT",
    path,
    message: `${path} must be the next of an earlier page; leave it out for the first page`,
  });

/** The message for a time after now, at which nothing has happened yet. */
export const inFuture = (path: string): InvalidArgument =>
  new InvalidArgument({
    code: "INVALID_ARGUMENT",
    path,
    message: `${path} must not be in the future`,
  });

/** What is wrong with a time that has passed, where it is to come. */
export const inPast = (path: string): ArgumentInvalid => ({
  code: "INVALID_ARGUMENT",
  path,
  message: `${path} must be in the future`,
});

/** The schemas of a call's arguments by their names, in the order of the arguments. */
export type Schemas = Readonly<Record<string, v.GenericSchema>>;

/**
 * The arguments as their schemas parse them: what a schema parses is copied, so that a call in
 * progress does not see later changes by its caller. Else what is wrong with the first that does
 * not fit, without its value, which may be a secret.
 */
export const readArguments = <Given extends readonly unknown[]>(
  schemas: Schemas,
  values: Given,
): Result<Given, ArgumentInvalid> => {
  const read: unknown[] = [];
  for (const [at, [name, schema]] of Object.entries(schemas).entries()) {
    const checked = check(schema, values[at], { first: true });
    if (!checked.success) {
      const [issue] = checked.issues;
      const below = v.getDotPath(issue);
      const path = below === null ? name : `${name}.${below}`;
      return failed({ code: "INVALID_ARGUMENT", path, message: `${path} ${issue.message}` });
    }
    read.push(checked.output);
  }
  // No schema changes the type.
  return ok(read as readonly unknown[] as Given);
};

/** Throws an `InvalidArgument` for the first argument that does not fit. */
export const assertArguments = (schemas: Schemas, values: readonly unknown[]): void => {
  const read = readArguments(schemas, values);
  if (!read.ok) throw new InvalidArgument(read.error);
};
