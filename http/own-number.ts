/**
 * What a refusal tells of a number of the caller's own, besides its sentence: the number's id,
 * under the name that a dialect has for it. Nothing where the refusal concerns no such number; the
 * ledger itself gives no id of another organization's number.
 */
export const ownNumber = (
  refusal: { readonly code: string; readonly holding?: string },
  member: string,
): { readonly extra?: Readonly<Record<string, unknown>> } =>
  refusal.holding === undefined ? {} : { extra: { [member]: refusal.holding } };
