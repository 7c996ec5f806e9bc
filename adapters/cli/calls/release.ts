/** `release`: says which number it is, and asks, and then gives it back. */
import { call, numberPath, type Whose, withQuery } from "../target/mod.ts";
import type { Context } from "./context.ts";
import { listOf, memberOf, printRecord } from "./print.ts";
import { assertSure } from "./writes.ts";

/** Which number it is, as who is asked calls it; throws where there is none. */
const nameOf = async ({ target }: Context, as: Whose, id: string): Promise<string> => {
  if (as === "organization") {
    const { json } = await call(target, { method: "GET", path: numberPath(as, id), as });
    return String(memberOf(json, "e164"));
  }
  const to = withQuery(`${numberPath(as, id)}/history`, { limit: "1" });
  const { json } = await call(target, { method: "GET", path: to, as });
  const [first] = listOf(json, "events", target.where);
  const e164 = memberOf(memberOf(first, "data"), "e164");
  return `${String(e164)} of ${String(memberOf(json, "organization"))}`;
};

/** Gives a number back; where the carrier has not answered yet, a server goes on. */
export const release = async (
  context: Context,
  as: Whose,
  id: string,
  isSure: boolean,
): Promise<void> => {
  const { target, screen } = context;
  if (!isSure) {
    const name = await nameOf(context, as, id);
    await assertSure(context, false, "release", `Give ${name} back, which may be gone then?`);
  }
  const to = numberPath(as, id);
  const { status, json } = await call(target, { method: "DELETE", path: to, as });
  await printRecord(context, json, [{ title: "RELEASED", of: ({ released }) => released }]);
  if (status === 202) {
    const shows = as === "operator" ? "history --as-operator" : "show";
    screen.note(
      `the carrier has not answered yet: a server ends it, and ledgerline ${shows} says how`,
    );
  }
};
