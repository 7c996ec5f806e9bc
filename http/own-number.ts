/**
 * What a refusal tells of a number of the caller's own, besides its sentence: the number's id,
 * under the name that a dialect has for it. Nothing where the refusal is of no such number; of a
 * number that somebody else holds the ledger itself tells no id.
 */
export const ownNumber = (
  refusal: { readonly code: string; readonly holding?: string },
  member: string,
): { readonly extra?: Readonly<Record<string, unknown>> } =>
  refusal.holding === undefined ? {} : { extra: { [member]: refusal.holding } };
