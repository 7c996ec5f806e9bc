import type { IdPrefix } from "../values/identity.ts";

/** Makes ids: unique for ever, opaque, later ones sort after earlier ones. */
export interface Ids {
  /** A new id such as `pn_01jd…`. */
  next(prefix: IdPrefix): string;
}
