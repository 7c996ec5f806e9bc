/** `release`: says which number it is, and asks, and then gives it back. */
import type { Reply } from "../failures.ts";
import { call, numberPath, type Whose, withQuery } from "../target/mod.ts";
import type { Context } from "./context.ts";
import { doOnce } from "./once.ts";
import { listOf, memberOf, notOurs, printRecord, textOf } from "./print.ts";
import { assertSure } from "./writes.ts";

/** Which number it is, as who is asked calls it; throws where there is none. */
const nameOf = async ({ target }: Context, as: Whose, id: string): Promise<string> => {
  if (as === "organization") {
    const { json } = await call(target, { method: "GET", path: numberPath(as, id), as });
    return textOf(json, "e164", target.where);
  }
  const to = withQuery(`${numberPath(as, id)}/history`, { limit: "1" });
  const { json } = await call(target, { method: "GET", path: to, as });
  const [first] = listOf(json, "events", target.where);
  const e164 = textOf(memberOf(first, "data"), "e164", target.where);
  return `${e164} of ${textOf(json, "organization", target.where)}`;
};

/** Prints whether it has been released. */
const printReleased = async (
  context: Context,
  as: Whose,
  { json }: Reply,
): Promise<void> => {
  const { target, screen } = context;
  const released = memberOf(json, "released");
  if (typeof released !== "boolean") throw notOurs(target.where, "there is no released");
  await printRecord(context, json, [{ title: "RELEASED", of: () => released }]);
  if (released) return;
  const shows = as === "operator" ? "history --as-operator" : "show";
  screen.note(
    `the carrier has not answered yet: a server ends it, and ledgerline ${shows} says how`,
  );
};

/** Gives a number back, once under a key; a server goes on where the carrier has not answered. */
export const release = async (
  context: Context,
  as: Whose,
  id: string,
  isSure: boolean,
  key: string | undefined,
): Promise<void> => {
  if (!isSure) {
    const name = await nameOf(context, as, id);
    await assertSure(context, false, "release", `Give ${name} back, which may be gone then?`);
  }
  const to = numberPath(as, id);
  await doOnce(context.target, {
    question: { method: "DELETE", path: to, as },
    key,
    asked: !isSure,
    what: "released",
    finish: (reply) => printReleased(context, as, reply),
  });
};
