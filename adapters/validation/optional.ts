/** What may be left out of an object: a member that is undefined is the same as none. */

/** The members of a shape, of which any may be left out or undefined. */
export type Optional<Shape> = { readonly [Name in keyof Shape]?: Shape[Name] | undefined };

/** All members of a shape, none of which is left out or undefined. */
export type Whole<Shape> = {
  readonly [Name in keyof Shape]-?: Exclude<Shape[Name], undefined>;
};

/** The shape, where a member that is there is not undefined. */
type Defined<Shape> = { readonly [Name in keyof Shape]: Exclude<Shape[Name], undefined> };

/**
 * The object without the members that are undefined: spread over defaults, they would replace them,
 * and an event would keep them as keys.
 */
export const withoutUndefined = <Shape extends object>(given: Shape): Defined<Shape> =>
  Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  ) as Defined<Shape>;

/** The defaults, with what is given in their place. */
export const withDefaults = <Shape extends object>(
  defaults: Shape,
  given: Optional<Shape> = {},
): Shape => ({ ...defaults, ...withoutUndefined(given) });
