/** A wall clock that is set, by any cause, must not end or charge anything before its real time. */
import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { openSandboxCarrier } from "../../adapters/carrier/sandbox/carrier.ts";
import { openIds } from "../../adapters/clock/ids.ts";
import { openTrustedClock } from "../../adapters/clock/trusted.ts";
import { openMemoryLog } from "../../adapters/log/memory/mod.ts";
import { sentenceOf } from "../../adapters/runtimes/server/clock.ts";
import {
  DAY_MS,
  HOUR_MS,
  type Milliseconds,
  MINUTE_MS,
  SECOND_MS,
} from "../../core/values/calendar.ts";
import type { Carrier } from "../../core/ports/mod.ts";
import { failed } from "../../core/values/result.ts";
import { AGREEMENT_MS } from "../../core/values/clock-trust.ts";
import type { ClockMark } from "../../core/values/clock-trust.ts";
import { ADMIN_TOKEN, openTestApp, SHORT_WAIT_MS, type TestApp } from "../support/app.ts";

const START = Date.parse("2026-01-31T10:00:00Z");
const TRIAL_MS = 5 * DAY_MS;

/**
 * An application on a machine whose wall clock can be set; what is due is done when it is asked.
 */
const onMachine = async (options: Parameters<typeof openTestApp>[0] = {}) => {
  let [elapsed, ahead] = [0, 0];
  let mark: ClockMark | null = null;
  let fails = false;
  const log = openMemoryLog();
  const lines: string[] = [];
  const open = () => {
    const clock = openTrustedClock({
      wall: () => START + elapsed + ahead,
      monotonic: () => elapsed,
      mark,
      onChange: (doubt) => lines.push(sentenceOf(doubt)),
    });
    const sandbox = openSandboxCarrier({ clock });
    const carrier: Carrier = {
      ...sandbox,
      release: async (number) =>
        fails ? failed({ kind: "unknown", message: "HTTP 500" }) : await sandbox.release(number),
    };
    const app = openTestApp({
      log,
      carrier,
      clock,
      ids: openIds(clock),
      runsAutomations: false,
      ...options,
    });
    return { clock, app };
  };
  let { clock, app } = open();
  const request = (...asked: Parameters<TestApp["request"]>) => app.request(...asked);
  return {
    lines,
    request,
    app: () => app,
    /** The carrier stops releasing numbers, or resumes. */
    fail: (isOn: boolean): void => void (fails = isOn),
    set: (by: Milliseconds): void => void (ahead = by),
    pass: (ms: Milliseconds): void => void (elapsed += ms),
    work: () => app.ledger.work.run(),
    /** The process is killed, and started again after this time. */
    restart: (down: Milliseconds = 0): void => {
      mark = clock.mark();
      elapsed += down;
      ({ clock, app } = open());
    },
    ready: async () => {
      const { status, json } = await request("GET", "/readyz");
      return [status, json];
    },
    token: async (plan: string): Promise<string> => app.organization("org_1", plan),
    buy: async (token: string): Promise<string> => {
      const offers = await request("GET", "/v1/phone-numbers/available?areaCode=415", { token });
      const { e164 } = offers.json[0];
      const body = { e164 };
      const bought = await request("POST", "/v1/phone-numbers", { token, body });
      assert.equal(bought.status, 200, JSON.stringify(bought.json));
      return bought.json.id;
    },
    types: async (): Promise<readonly string[]> =>
      (await log.events("org_1", 0, 1_000)).map(({ type }) => type),
    dates: async (): Promise<readonly number[]> =>
      (await log.events("org_1", 0, 1_000)).map(({ at }) => at - START),
  };
};

const opened: Awaited<ReturnType<typeof onMachine>>[] = [];
const machine = async (...options: Parameters<typeof onMachine>) => {
  const made = await onMachine(...options);
  opened.push(made);
  return made;
};
afterEach(async () => {
  for (const { app } of opened.splice(0)) await app().close();
});

const JUMPS = [6 * DAY_MS, -6 * DAY_MS, 400 * DAY_MS, TRIAL_MS + HOUR_MS] as const;

describe("a clock that jumps", () => {
  for (const jump of JUMPS) {
    it(`ends no trial and dates no event while it is ${jump / HOUR_MS} h off for 0.6 s`, async () => {
      const { token, buy, set, pass, work, types, dates, ready, lines, request } = await machine();
      const user = await token("Free");
      const id = await buy(user);
      pass(HOUR_MS);
      set(jump);
      await work();
      pass(600);
      await request("PATCH", `/v1/phone-numbers/${id}`, { token: user, body: { label: "a" } });
      assert.deepEqual(await ready(), [200, { status: "ok", clock: "jumped" }]);
      set(0);
      await work();
      assert.ok(!(await types()).includes("TrialExpired"));
      assert.ok((await dates()).every((at) => at >= 0 && at <= HOUR_MS + 600));
      pass(AGREEMENT_MS);
      assert.deepEqual(await ready(), [200, { status: "ok" }]);
      assert.equal(lines.length, 2);
      assert.match(lines[0] ?? "", /^the clock tells .*releases wait until/);
      // The trial still ends, at its real end.
      pass(TRIAL_MS);
      await work();
      assert.deepEqual((await types()).filter((type) => type === "Released"), ["Released"]);
    });
  }
});

describe("a clock that is doubted", () => {
  it("charges no month before it is over, and the month that is over once it is confirmed", async () => {
    const { token, buy, set, pass, work, types } = await machine();
    await buy(await token("Growth"));
    const charges = async () => (await types()).filter((type) => type === "Renewed").length;
    set(40 * DAY_MS);
    for (let minutes = 0; minutes < 20; minutes++) {
      await work();
      pass(MINUTE_MS);
    }
    assert.equal(await charges(), 0);
    set(0);
    pass(AGREEMENT_MS);
    await work();
    pass(29 * DAY_MS);
    await work();
    assert.equal(await charges(), 1);
  });

  it("postpones what is due while it is doubted, and continues when the operator confirms", async () => {
    const { token, buy, set, pass, work, types, ready, app } = await machine();
    const user = await token("Free");
    await buy(user);
    pass(TRIAL_MS + SECOND_MS);
    set(-DAY_MS);
    await work();
    assert.ok(!(await types()).includes("TrialExpired"));
    set(0);
    const confirmed = await app().request("POST", "/admin/clock/confirm", {
      token: ADMIN_TOKEN,
    });
    assert.deepEqual([confirmed.status, confirmed.json], [200, { now: "2026-02-05T10:00:01Z" }]);
    assert.deepEqual(await ready(), [200, { status: "ok" }]);
    await work();
    assert.ok((await types()).includes("Released"));
  });

  it("postpones the release of a number whose trial is over, but not one that its user requested", async () => {
    const opened = await machine({ waitMs: SHORT_WAIT_MS });
    const { token, buy, set, pass, work, types, fail, app, request } = opened;
    await buy(await token("Free"));
    const other = await app().organization("org_2", "Growth");
    const id = await buy(other);
    fail(true);
    pass(TRIAL_MS);
    await work();
    await request("DELETE", `/v1/phone-numbers/${id}`, { token: other });
    fail(false);
    set(DAY_MS);
    await work();
    assert.ok((await types()).includes("ReleaseStarted"));
    assert.ok(!(await types()).includes("Released"));
    const gone = await request("GET", `/v1/phone-numbers/${id}`, { token: other });
    assert.equal(gone.status, 404);
    set(0);
    await app().ledger.operator.confirmClock();
    await work();
    assert.ok((await types()).includes("Released"));
  });
});

describe("while a clock is doubted", () => {
  it("the operator alone confirms it", async () => {
    const { token, request } = await machine();
    const user = await token("Free");
    for (const asked of [{}, { token: user }]) {
      const { status } = await request("POST", "/admin/clock/confirm", asked);
      assert.equal(status, 401);
    }
  });

  it("every organization can still buy, and release what it bought", async () => {
    const { token, buy, set, request, types } = await machine();
    const user = await token("Growth");
    set(6 * DAY_MS);
    const id = await buy(user);
    const { status } = await request("DELETE", `/v1/phone-numbers/${id}`, { token: user });
    assert.equal(status, 200);
    assert.ok((await types()).includes("Released"));
  });
});

describe("a start with a clock that may be wrong", () => {
  it("ends nothing when the process is started while the clock is wrong", async () => {
    const { token, buy, set, pass, work, types, ready, restart } = await machine();
    await buy(await token("Free"));
    set(6 * DAY_MS);
    for (let starts = 0; starts < 4; starts++) {
      restart();
      await work();
      pass(MINUTE_MS);
      await work();
      assert.deepEqual(await ready(), [200, { status: "ok", clock: "unconfirmed" }]);
    }
    set(0);
    restart();
    await work();
    assert.ok(!(await types()).includes("TrialExpired"));
  });

  it("does not keep a small installation from ending trials after it was down for a week", async () => {
    const { token, buy, pass, work, types, restart } = await machine();
    await buy(await token("Free"));
    restart(7 * DAY_MS);
    await work();
    assert.ok(!(await types()).includes("TrialExpired"));
    pass(7 * HOUR_MS);
    await work();
    assert.ok((await types()).includes("Released"));
  });
});
