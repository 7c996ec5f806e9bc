/** The list of 20 numbers in each dialect against a server that reads one row by its key. */
import { createApp } from "../../../http/app.ts";
import { bareApp } from "../bare-app.ts";
import { numberAt, openBare, openBenchLedger, UNLIMITED, withLog } from "../engine.ts";
import { getRequest, loadRound, postRequest, sending } from "../load-requests.ts";
import { alternate, median, ratioOf, type Round, type Samples } from "../measure.ts";
import { openOrganization, withServers } from "../processes.ts";
import type { Line, Row, Scale } from "../report.ts";
import { OPERATOR } from "../../../core/values/identity.ts";

const NUMBERS = 20;
const CALLERS = 8;
const ORGANIZATION = "acme";

/** Where each dialect lists an organization's numbers. */
const PATHS = {
  Speko: "/v1/phone-numbers",
  Talkturo: `/api/phone-numbers/purchase?teamId=${ORGANIZATION}`,
  Talkover: "/api/v1/phone-numbers",
};
const DIALECTS = Object.keys(PATHS) as (keyof typeof PATHS)[];

type Subject = keyof typeof PATHS | "bare";

const rounds = (roundOf: (subject: Subject) => Round): Readonly<Record<Subject, Round>> => ({
  Speko: roundOf("Speko"),
  Talkturo: roundOf("Talkturo"),
  Talkover: roundOf("Talkover"),
  bare: roundOf("bare"),
});

const linesOf = (taken: Samples<Subject>, how: string, goal: Line["goal"]): readonly Line[] =>
  DIALECTS.map((name) => ({
    what: `list of ${NUMBERS}, ${name}, ${how}`,
    figure: median(taken[name]),
    unit: "requests/s",
    baseline: { what: "Hono, one row by key", figure: median(taken.bare) },
    ratio: ratioOf(taken[name], taken.bare),
    goal: name === "Speko" ? goal : null,
  }));

const overHttp = ({ count, rounds: times }: Scale): Promise<readonly Line[]> =>
  withServers(async ({ server, bare, load }) => {
    const token = await openOrganization(server, ORGANIZATION);
    const orders = Array.from(
      { length: NUMBERS },
      (_, index) => postRequest(PATHS.Speko, { e164: numberAt(index) }, token),
    );
    await load({ url: server.url, callers: 1, count: NUMBERS, requests: orders });
    const order = { callers: CALLERS, count: count(800) };
    const taken = await alternate(
      times,
      rounds((subject) =>
        loadRound(
          load,
          () =>
            subject === "bare"
              ? { ...order, url: bare, requests: [getRequest("/row")] }
              : { ...order, url: server.url, requests: [getRequest(PATHS[subject], token)] },
        )
      ),
    );
    return linesOf(taken, `HTTP, ${CALLERS} callers`, { atLeast: 0.5 });
  });

const inProcess = ({ count, rounds: times }: Scale): Promise<readonly Line[]> =>
  withLog(async (log) => {
    const ledger = openBenchLedger(log);
    await ledger.operator.open(ORGANIZATION, { name: "Acme", plan: UNLIMITED });
    const caller = { organization: ORGANIZATION, actor: OPERATOR };
    for (let index = 0; index < NUMBERS; index++) {
      await ledger.purchase(caller, { e164: numberAt(index) });
    }
    const user = { email: "alice@example.com", name: "Alice Johnson", sandbox: false };
    const issued = await ledger.operator.issueToken(ORGANIZATION, user);
    if (!issued.ok) throw new Error(issued.error.message);
    const { token } = issued.value;
    const app = createApp({ ledger, adminToken: null });
    const bare = await bareApp(await openBare(log.database));
    const each = count(600);
    const taken = await alternate(
      times,
      rounds((subject) =>
        subject === "bare"
          ? sending((asked) => bare.fetch(asked), each, () => getRequest("/row"))
          : sending((asked) => app.fetch(asked), each, () => getRequest(PATHS[subject], token))
      ),
    );
    return linesOf(taken, "in process", null);
  });

export const list: Row = {
  name: "list",
  run: async (scale) => [...await overHttp(scale), ...await inProcess(scale)],
};
