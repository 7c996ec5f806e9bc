/** A short story of the domain, by core alone: the same text wherever it runs. */
import {
  type Command,
  decide,
  DEFAULT_PLANS,
  fold,
  formatMoney,
  isoTime,
  monthsAfter,
  ONE_WORLD,
  OPERATOR,
  parseMoney,
  State,
  viewsOf,
} from "../../core/mod.ts";

const START = Date.UTC(2026, 0, 31, 10);

const context = {
  organization: "acme",
  now: START,
  actor: OPERATOR,
  plans: DEFAULT_PLANS,
  ...ONE_WORLD,
};

const ROUTING = { direction: "both", label: null, template: null } as const;

const COMMANDS: readonly Command[] = [
  { type: "OpenOrganization", name: "Acme", plan: "Growth" },
  { type: "OpenOrganization", name: "Acme", plan: "Golden" },
  {
    type: "InstallSipConnection",
    installation: "sip_1",
    providerName: "Trunkline",
    trunk: "trunk_1",
    ready: true,
  },
  {
    type: "ImportNumber",
    holding: "pn_1",
    e164: "+14155550101",
    scope: "live",
    via: { sipTrunk: "trunk_1" },
    sipProviderName: null,
    routing: ROUTING,
    assistant: null,
  },
  { type: "AssignNumbers", assistant: "asst_1", holdings: ["pn_1"] },
  { type: "ChangeRouting", holding: "pn_2", direction: "inbound" },
];

/** The results, in one line. */
export const story = (): string => {
  const state = State.empty();
  const came = COMMANDS.map((command) => {
    const decision = decide(state, command, context);
    if (!decision.ok) return decision.error.code;
    for (const event of decision.value) fold(state, { ...event, at: START, actor: OPERATOR });
    return decision.value.map(({ type }) => type).join("+");
  });
  const numbers = viewsOf(state, START).map(({ holding }) =>
    `${holding.e164}:${holding.assistant}`
  );
  const price = parseMoney("0.0035");
  const next = isoTime(monthsAfter(START, 1));
  return [...came, ...numbers, next, price && formatMoney(price)].join(" ");
};
