import type { IdPrefix } from "../values/identity.ts";

/** Makes ids: never repeated, opaque, later ones sort after earlier ones. */
export interface Ids {
  /** A new id such as `pn_01jd…`. */
  next(prefix: IdPrefix): string;
}
