/**
 * The end of a switch over a closed union, where no value is left: a case that is missing does not
 * compile. Throws for a value that its type does not have, which is a bug of the caller; the value
 * itself is not shown, since it may be personal.
 */
export const unreachable = (value: never): never => {
  throw new TypeError(`No case for this ${typeof value}`);
};
