/** Tools that find, read and route numbers. */
import { IdSchema } from "../../adapters/validation/values.ts";
import { onlyThese } from "../object.ts";
import { Found, History, Numbers, WholeNumber } from "../ledger/answers.ts";
import { VerificationRecord } from "../ledger/organization-answers.ts";
import { CHANGE, HistoryQuery, ListQuery, SearchBody, WhenQuery } from "../ledger/schemas.ts";
import { ASKS_CARRIER, CHANGES, READS, type Tool, tool, without } from "./tool.ts";
import { bodyOf, within } from "./within.ts";

const NUMBER = { id: IdSchema };

/** As many numbers as an agent reads at a time, where it does not say. */
const PAGE = "20";

/** These tools. */
export const numberTools: readonly Tool[] = [
  tool({
    name: "search_numbers",
    title: "Search numbers for sale",
    description: "Searches the carrier's numbers by country, area code and place, with prices. " +
      "Nothing is bought.",
    input: SearchBody,
    output: Found,
    hints: ASKS_CARRIER,
    run: async (call, body) => bodyOf(await within(call, "POST /ledger/searches", { body })),
  }),
  tool({
    name: "list_numbers",
    title: "List the organization's numbers",
    description: "Lists numbers that are held, the oldest first, a page at a time; with asOf as " +
      "they were at that time.",
    input: onlyThese(ListQuery.entries),
    readsQuery: true,
    output: Numbers,
    hints: READS,
    run: async (call, { limit = PAGE, ...query }) =>
      bodyOf(await within(call, "GET /ledger/numbers", { query: { limit, ...query } })),
  }),
  tool({
    name: "get_number",
    title: "Read one number",
    description: "Reads one number by its id; with asOf as it was at that time.",
    input: onlyThese({ ...NUMBER, ...WhenQuery.entries }),
    readsQuery: true,
    output: WholeNumber,
    hints: READS,
    run: async (call, given, { id }) => {
      const query = without(given, "id");
      return bodyOf(await within(call, "GET /ledger/numbers/:id", { params: { id }, query }));
    },
  }),
  tool({
    name: "number_history",
    title: "Read a number's history",
    description: "Reads what happened to a number, the oldest first, also after its release.",
    input: onlyThese({ ...NUMBER, ...HistoryQuery.entries }),
    readsQuery: true,
    output: History,
    hints: READS,
    run: async (call, given, { id }) => {
      const query = without(given, "id");
      return bodyOf(
        await within(call, "GET /ledger/numbers/:id/history", { params: { id }, query }),
      );
    },
  }),
  tool({
    name: "route_number",
    title: "Route a number",
    description: "Gives a number to an assistant or takes it away (null), and sets its direction " +
      "and label. What is left out stays.",
    input: onlyThese({
      ...NUMBER,
      assistant: CHANGE.assistant,
      direction: CHANGE.direction,
      label: CHANGE.label,
    }),
    output: WholeNumber,
    hints: CHANGES,
    run: async (call, given, { id }) => {
      const body = without(given, "id");
      return bodyOf(await within(call, "PATCH /ledger/numbers/:id", { params: { id }, body }));
    },
  }),
  tool({
    name: "verification_status",
    title: "Read the verification's status",
    description: "Reads whether the business behind the organization is verified, which some " +
      "plans ask for before a number can be bought.",
    input: onlyThese({}),
    output: VerificationRecord,
    hints: READS,
    run: async (call) => bodyOf(await within(call, "GET /ledger/verification", {})),
  }),
];
