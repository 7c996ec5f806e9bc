/** The arguments that most calls have, each by its name with its schema. */
import * as given from "../arguments/mod.ts";

export const caller = ["caller", given.caller] as const;
export const writer = ["caller", given.writer] as const;
export const id = ["id", given.id] as const;
export const options = ["options", given.options] as const;
export const purchaseOptions = ["options", given.purchaseOptions] as const;
/** An argument of fields by their names. */
export const input = <Schema>(schema: Schema) => ["input", schema] as const;
