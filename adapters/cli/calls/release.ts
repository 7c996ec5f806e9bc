/** `release`: says which number it is, and asks, and then gives it back. */
import { call, path } from "../target/mod.ts";
import type { Context } from "./context.ts";
import { memberOf, printRecord } from "./print.ts";
import { assertSure } from "./writes.ts";

/** Gives a number back; where the carrier has not answered yet, a server goes on. */
export const release = async (context: Context, id: string, isSure: boolean): Promise<void> => {
  const { target, screen } = context;
  const to = path`/ledger/numbers/${id}`;
  if (!isSure) {
    const { json } = await call(target, { method: "GET", path: to, as: "organization" });
    const e164 = String(memberOf(json, "e164"));
    await assertSure(context, false, "release", `Give ${e164} back, which may be gone then?`);
  }
  const { status, json } = await call(target, { method: "DELETE", path: to, as: "organization" });
  await printRecord(context, json, [{ title: "RELEASED", of: ({ released }) => released }]);
  if (status === 202) {
    screen.note("the carrier has not answered yet: a server ends it, and ledgerline show says how");
  }
};
