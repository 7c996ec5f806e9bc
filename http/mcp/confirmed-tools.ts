/** Tools that buy and release: a first call tells what would happen, a second one does it. */
import * as v from "valibot";
import { IdSchema } from "../../adapters/validation/values.ts";
import { failed, ok, type Result } from "../../core/values/result.ts";
import { formatMoney } from "../../core/values/money.ts";
import { orNull } from "../answer.ts";
import type { Call, Failure } from "../dialect.ts";
import { onlyThese } from "../object.ts";
import { WholeNumber } from "../ledger/answers.ts";
import { DryRunRecord } from "../ledger/dry-run-answers.ts";
import { PURCHASE } from "../ledger/schemas.ts";
import { confirmationOf, confirms } from "./confirmation.ts";
import { COMMITS, type Told, type Tool, tool, without } from "./tool.ts";
import { bodyOf, within } from "./within.ts";

const Confirmation = v.exactOptional(
  v.pipe(
    v.string("must be a string"),
    v.regex(/^([0-9a-f]{32}){2,3}$/, "must be what the call without it gave"),
    v.description("What the call without it gave, after a person agreed to it."),
  ),
);

type DryRun = v.InferOutput<typeof DryRunRecord>;

/** What a command would do; the refusal by which it would be refused. */
const tried = async (call: Call, command: Told): Promise<Result<DryRun, Failure>> => {
  const body = bodyOf(await within(call, "POST /ledger/dry-run", { body: { command } }));
  if (!body.ok) return body;
  const told = v.parse(DryRunRecord, body.value);
  const { refusal } = told;
  if (refusal === null) return ok(told);
  const { status, code, detail: message } = refusal;
  return failed({ status: status as Failure["status"], code, message });
};

const unconfirmed = failed<Failure>({
  status: 409,
  code: "CONFIRMATION_UNFIT",
  message: "The confirmation does not fit this: what it would do has changed, or it is too old. " +
    "Call again without it, and ask again.",
});

const commandIdOf = ({ caller: { actor } }: Call, confirmation: string): string =>
  `${actor.kind === "user" ? actor.tokenId : ""}:mcp ${confirmation}`;

const Purchase = DryRunRecord.entries.purchase;

const offered = (e164: string, purchase: DryRun["purchase"]): string =>
  `${e164} would cost ${purchase?.setupUsd} US dollars once and ${purchase?.monthlyUsd} a month, ` +
  `paid from: ${purchase?.paidFrom}. Nothing was bought.`;

const saysOf = (e164: string, status: unknown): string => {
  if (status === "active") return `${e164} was bought.`;
  return status === "purchasing"
    ? `${e164} was ordered; the carrier has not confirmed it yet.`
    : `${e164} was bought with this confirmation before, and is ${status} now.`;
};

/** Two confirmations in one: of what is bought, and of that at its price. */
const partsOf = (
  input: Told,
  purchase: Pick<DryRun["purchase"] & object, "setupUsd" | "monthlyUsd" | "paidFrom"> | null,
) => {
  const what = ["buy", input];
  return [what, [...what, purchase?.setupUsd, purchase?.monthlyUsd, purchase?.paidFrom]];
};

/**
 * Buys what a confirmation is of, for its price; what it bought before is told again, whatever has
 * become of it. The carrier may be asked for the price, as for one without a confirmation.
 */
const confirmed = async (
  call: Call,
  input: Told,
  confirmation: string,
): Promise<Result<Told, Failure>> => {
  const [what] = partsOf(input, null);
  if (!confirms(call, [what], confirmation)) return unconfirmed;
  const counted = await call.countSearch();
  if (!counted.ok) return counted;
  let isUnfit = false;
  const bought = bodyOf(
    await within(call, "POST /ledger/numbers", {
      body: input,
      commandId: commandIdOf(call, confirmation),
      accepts: ({ setup, monthly, paidFrom }) => {
        const now = { setupUsd: formatMoney(setup), monthlyUsd: formatMoney(monthly), paidFrom };
        isUnfit = !confirms(call, partsOf(input, now), confirmation);
        return !isUnfit;
      },
    }),
  );
  if (isUnfit) return unconfirmed;
  if (!bought.ok) return bought;
  const { value: number } = bought;
  const says = saysOf(`${input["e164"]}`, number["status"]);
  return ok({ bought: true, says, confirmation: null, purchase: null, number });
};

const buy = tool({
  name: "buy_number",
  title: "Buy a number",
  description: "Buys a number that search_numbers has found. Without a confirmation it buys " +
    "nothing: it tells the price, what the plan allows, and a confirmation. Ask a person, then " +
    "call again with the same input and that confirmation. It is valid for an hour at least.",
  input: onlyThese({ ...PURCHASE, confirmation: Confirmation }),
  output: v.strictObject({
    bought: v.boolean(),
    says: v.string(),
    confirmation: orNull(v.string()),
    purchase: Purchase,
    number: orNull(WholeNumber),
  }),
  hints: COMMITS,
  run: async (call, given, { confirmation, e164 }) => {
    const input = without(given, "confirmation");
    if (confirmation !== undefined) return await confirmed(call, input, confirmation);
    const told = await tried(call, { type: "purchase", ...input });
    if (!told.ok) return told;
    const { purchase } = told.value;
    return ok({
      bought: false,
      says: offered(e164, purchase),
      confirmation: confirmationOf(call, partsOf(input, purchase)),
      purchase,
      number: null,
    });
  },
});

const release = tool({
  name: "release_number",
  title: "Release a number",
  description: "Gives a number up, for ever: another customer may have it then. Without a " +
    "confirmation it does nothing but tell so, with a confirmation. Ask a person, then call " +
    "again with it.",
  input: onlyThese({ id: IdSchema, confirmation: Confirmation }),
  output: v.strictObject({
    released: v.boolean(),
    says: v.string(),
    confirmation: orNull(v.string()),
  }),
  hints: COMMITS,
  run: async (call, _given, { id, confirmation }) => {
    const what = [["release", id]];
    if (confirmation === undefined) {
      const told = await tried(call, { type: "release", number: id });
      if (!told.ok) return told;
      const number = bodyOf(await within(call, "GET /ledger/numbers/:id", { params: { id } }));
      if (!number.ok) return number;
      return ok({
        released: false,
        says: `${number.value["e164"]} would be released, and could not be had back. ` +
          "Nothing was done.",
        confirmation: confirmationOf(call, what),
      });
    }
    if (!confirms(call, what, confirmation)) return unconfirmed;
    const done = bodyOf(await within(call, "DELETE /ledger/numbers/:id", { params: { id } }));
    if (!done.ok) return done;
    const isReleased = done.value["released"] === true;
    const says = isReleased
      ? "The number has been released."
      : "The release is under way: the carrier has not confirmed it yet.";
    return ok({ released: isReleased, says, confirmation: null });
  },
});

/** These tools. */
export const confirmedTools: readonly Tool[] = [buy, release];
