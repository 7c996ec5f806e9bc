/** Loading what a decision needs on PostgreSQL, when its subject has a long history. */
import { ONE_WORLD } from "../../../core/log/decision.ts";
import { decide, needsOf } from "../../../core/registry/commands.ts";
import { eventsOf } from "../../../core/log/pages.ts";
import { State } from "../../../core/log/state.ts";
import type { ChangeRouting } from "../../../core/number/decisions/routing.ts";
import type { EventLog } from "../../../core/ports/mod.ts";
import { OPERATOR } from "../../../core/values/identity.ts";
import { calling, together } from "../appending.ts";
import { numberAt, openBenchLedger, UNLIMITED } from "../engine.ts";
import { alternate, median, ratioOf } from "../measure.ts";
import { type Peer, type PeerEvent, withCastore, withEmmett } from "../peers.ts";
import { withPostgres, withPostgresLog } from "../postgres.ts";
import type { Line, Row, Scale } from "../report.ts";

const LEVELS = [100, 1_000];
const GOAL_LEVEL = 1_000;
const LOADS = 200;
/** The peers are so much slower that they do fewer, or they would take most of the time. */
const PEER_LOADS = 20;

/** An organization with one number, whose routing was changed until its log is so long. */
const writeLife = async (log: EventLog, organization: string, events: number): Promise<string> => {
  const ledger = openBenchLedger(log);
  const caller = { organization, actor: OPERATOR };
  await ledger.operator.open(organization, { name: "Acme", plan: UNLIMITED });
  const bought = await ledger.purchase(caller, { e164: numberAt(events) });
  if (!bought.ok) throw new Error(bought.error.message);
  const { id: holding } = bought.value.number.holding;
  for (let change = (await log.load(organization, {})).head.position; change < events; change++) {
    const routed = await ledger.route(caller, holding, { label: `Front desk ${change}` });
    if (!routed.ok) throw new Error(routed.error.message);
  }
  return holding;
};

/** What a command does before it appends: loads what it needs, and decides. */
const decider = (log: EventLog, organization: string, holding: string) => {
  const command: ChangeRouting = { type: "ChangeRouting", holding, label: "Reception" };
  const needs = needsOf(command, Date.now());
  return async (): Promise<void> => {
    const state = State.of(await log.load(organization, needs), needs);
    const context = { organization, now: Date.now(), actor: OPERATOR, plans: {}, ...ONE_WORLD };
    const decision = decide(state, command, context);
    if (!decision.ok || decision.value.length !== 1) throw new Error("not decided");
  };
};

const historyOf = async (log: EventLog, organization: string): Promise<readonly PeerEvent[]> => {
  const history: PeerEvent[] = [];
  for await (const page of eventsOf(log, organization)) {
    history.push(...page.map(({ type, data }) => ({ type, data: data as PeerEvent["data"] })));
  }
  return history;
};

const measure = async (
  log: EventLog,
  peers: Readonly<Record<"emmett" | "castore", Peer>>,
  events: number,
  { rounds, count }: Scale,
): Promise<readonly Line[]> => {
  const organization = `organization-${events}`;
  const holding = await writeLife(log, organization, events);
  const history = await historyOf(log, organization);
  const taken = await alternate(rounds, {
    ours: together([calling(decider(log, organization, holding))], count(LOADS)),
    emmett: together([calling(await peers.emmett.history(history))], count(PEER_LOADS)),
    castore: together([calling(await peers.castore.history(history))], count(PEER_LOADS)),
  });
  const line = {
    what: `deciding with ${history.length.toLocaleString("en")} events`,
    figure: median(taken.ours),
    unit: "/s",
  };
  return [
    {
      ...line,
      baseline: { what: "emmett aggregateStream", figure: median(taken.emmett) },
      ratio: ratioOf(taken.ours, taken.emmett),
      goal: events === GOAL_LEVEL ? { atLeast: 20 } : null,
    },
    {
      ...line,
      baseline: { what: "castore getAggregate", figure: median(taken.castore) },
      ratio: ratioOf(taken.ours, taken.castore),
      goal: null,
    },
  ];
};

export const postgresDecide: Row = {
  name: "postgres-decide",
  run: (scale) =>
    withPostgres((server) =>
      withPostgresLog(
        server,
        (log) =>
          withEmmett(server, (emmett) =>
            withCastore(server, async (castore) => {
              const lines: Line[] = [];
              for (const events of LEVELS) {
                lines.push(...await measure(log, { emmett, castore }, events, scale));
              }
              return lines;
            })),
      )
    ),
};
