/** What is done in a model run, one kind of command each, and what must be answered. */
import assert from "node:assert/strict";
import type { E164 } from "../../../core/values/e164.ts";
import type { ClientAnswer, NumberClient, Why } from "./client.ts";
import { compare, grant, type HeldNumber, letGo, mostOf, type NumberModel } from "./model.ts";

/** What a command draws: which of the things that are there, and an assistant. */
export type Draw = { readonly pick: number; readonly assistant: string | null };

/** One kind of command: the call it makes, whether it can be given, what it does and checks. */
export type Action = {
  readonly weight: number;
  readonly calls: keyof NumberClient;
  readonly isReady: (model: NumberModel) => boolean;
  readonly run: (model: NumberModel, client: NumberClient, draw: Draw) => Promise<void>;
};

const pickOf = <Value>(values: Iterable<Value>, pick: number): Value => {
  const all = [...values];
  const value = all[pick % all.length];
  assert.ok(value !== undefined, "a command was given that had nothing to pick from");
  return value;
};

/** The call, where a client has it: a command that needs it is not given otherwise. */
const call = <Call>(optional: Call | null): Call => {
  assert.ok(optional !== null, "a command was given that the client has no call for");
  return optional;
};

const serving = ({ held }: NumberModel): readonly HeldNumber[] =>
  [...held.values()].filter(({ status, isLeaving }) => status === "active" && !isLeaving);

const staying = ({ held }: NumberModel): readonly HeldNumber[] =>
  [...held.values()].filter(({ isLeaving }) => !isLeaving);

/** Numbers that remain ours in any case: a purchase may still fail, and a release may end. */
const certain = ({ held }: NumberModel): readonly HeldNumber[] =>
  [...held.values()].filter(({ status, isLeaving }) => status !== "purchasing" && !isLeaving);

const has = (numbers: readonly HeldNumber[], e164: E164): boolean =>
  numbers.some((number) => number.e164 === e164);

/** Fails unless the call was refused for one of these reasons. */
const mustBeRefused = <Value>(
  what: string,
  answer: ClientAnswer<Value>,
  ...reasons: readonly Why[]
): void => {
  assert.ok(!answer.ok, `${what} was not refused; expected ${reasons.join(" or ")}`);
  assert.ok(
    reasons.includes(answer.why),
    `${what} was refused as ${answer.code}; expected ${reasons.join(" or ")}`,
  );
};

/** Gives what a call answered; fails if it was refused. */
const mustSucceed = <Value>(what: string, answer: ClientAnswer<Value>): Value => {
  assert.ok(answer.ok, `${what} was refused${answer.ok ? "" : ` as ${answer.code}`}`);
  return answer.value;
};

/** Why a number that is taken, or about to be, cannot be bought. */
const TAKEN: readonly Why[] = ["alreadyOwned", "alreadyYours", "beingReleased", "inProgress"];

const search: Action = {
  weight: 3,
  calls: "search",
  isReady: () => true,
  run: async (model, client) => {
    const offered = await call(client.search)();
    for (const e164 of offered) {
      assert.ok(!has(certain(model), e164), `${e164} is offered, and held here`);
    }
    model.offered = offered;
  },
};

const buy: Action = {
  weight: 8,
  calls: "buy",
  isReady: ({ offered }) => offered.length > 0,
  run: async (model, client, { pick }) => {
    const e164 = pickOf(model.offered, pick);
    const key = model.nextKey();
    const most = model.maxNumbers ?? Number.POSITIVE_INFINITY;
    const answer = await call(client.buy)(e164, key);
    const what = `the purchase of ${e164}`;
    if (has(certain(model), e164)) return mustBeRefused(what, answer, "alreadyYours");
    if (certain(model).length >= most) return mustBeRefused(what, answer, "limit", ...TAKEN);
    if (!answer.ok) {
      const hasSpace = model.maxNumbers !== null && mostOf(model) < most;
      assert.ok(!hasSpace || answer.why !== "limit", `${what} met the limit, and there is space`);
      const isEarly = model.quota !== null && model.bought.size < model.quota;
      assert.ok(!isEarly || answer.why !== "quota", `${what} met the quota, and it is not used up`);
      return;
    }
    const { value: number } = answer;
    assert.equal(number.e164, e164, `${what} got ${number.e164}`);
    const isNew = !model.held.has(number.id) && !model.released.includes(number.id);
    assert.ok(isNew, `${what} got an id that was there before: ${number.id}`);
    model.held.set(number.id, { ...number, assistant: null, isLeaving: false });
    model.purchases.push({ key, e164, id: number.id });
    model.bought.set(number.id, number.status === "active");
  },
};

const buyHeld: Action = {
  weight: 2,
  calls: "buy",
  isReady: (model) => certain(model).length > 0,
  run: async (model, client, { pick }) => {
    const { e164 } = pickOf(certain(model), pick);
    const answer = await call(client.buy)(e164, model.nextKey());
    mustBeRefused(`another purchase of ${e164}`, answer, "alreadyYours");
  },
};

const repeat: Action = {
  weight: 2,
  calls: "buy",
  isReady: ({ purchases }) => purchases.length > 0,
  run: async (model, client, { pick }) => {
    const { key, e164, id } = pickOf(model.purchases, pick);
    const answer = await call(client.buy)(e164, key);
    if (answer.ok) {
      assert.equal(answer.value.id, id, `a repeated purchase of ${e164} got another`);
      const seen = client.keepsAnswers === true ? await client.get?.(id) : answer.value;
      const status = seen?.status;
      const isAlive = status === "active" || status === "purchasing";
      assert.ok(
        !isAlive || !model.released.includes(id),
        `${e164} was released, and repeated as ${status}`,
      );
    } else {
      const isHeld = certain(model).some((number) => number.id === id);
      assert.ok(!isHeld, `a repeated purchase of ${e164} was refused as ${answer.code}`);
    }
  },
};

const look: Action = {
  weight: 2,
  calls: "get",
  isReady: (model) => staying(model).length > 0,
  run: async (model, client, { pick }) => {
    const { id, e164 } = pickOf(staying(model), pick);
    const number = await call(client.get)(id);
    assert.equal(number?.e164, e164, `${id} is held, and is not found`);
  },
};

const getReleased: Action = {
  weight: 1,
  calls: "get",
  isReady: ({ released }) => released.length > 0,
  run: async ({ released }, client, { pick }) => {
    const id = pickOf(released, pick);
    assert.equal(await call(client.get)(id), null, `${id} was released, and is found`);
  },
};

const assign: Action = {
  weight: 3,
  calls: "assign",
  isReady: (model) => serving(model).length > 0,
  run: async (model, client, { pick, assistant }) => {
    const number = pickOf(serving(model), pick);
    mustSucceed(`assigning ${number.e164}`, await call(client.assign)(number.id, assistant));
    model.held.set(number.id, { ...number, assistant });
  },
};

const release: Action = {
  weight: 4,
  calls: "release",
  isReady: (model) => staying(model).length > 0,
  run: async (model, client, { pick }) => {
    const number = pickOf(staying(model), pick);
    const answer = await call(client.release)(number.id);
    const what = `the release of ${number.e164}`;
    if (!answer.ok && number.status === "purchasing") {
      return mustBeRefused(what, answer, "inProgress");
    }
    const { released } = mustSucceed(what, answer);
    grant(model, number.id);
    if (released) letGo(model, number.id);
    else model.held.set(number.id, { ...number, isLeaving: true });
  },
};

const releaseAgain: Action = {
  weight: 1,
  calls: "release",
  isReady: ({ released }) => released.length > 0,
  run: async ({ released }, client, { pick }) => {
    const id = pickOf(released, pick);
    mustBeRefused(`another release of ${id}`, await call(client.release)(id), "unknown");
  },
};

const requestRelease: Action = {
  weight: 3,
  calls: "requestRelease",
  isReady: (model) => serving(model).length > 0,
  run: async (model, client, { pick }) => {
    const { id, e164, assistant } = pickOf(serving(model), pick);
    const answer = await call(client.requestRelease)(id);
    const what = `asking for the release of ${e164}`;
    const isUnsure = model.unsure.has(id);
    if (isUnsure && !answer.ok && answer.why === "alreadyPending") return;
    if (model.requests.has(id)) mustBeRefused(what, answer, "alreadyPending");
    else if (assistant !== null) mustBeRefused(what, answer, "inUse");
    else {
      model.requests.set(id, mustSucceed(what, answer));
      model.unsure.delete(id);
    }
  },
};

const cancelRequest: Action = {
  weight: 2,
  calls: "cancelRequest",
  isReady: ({ requests }) => requests.size > 0,
  run: async (model, client, { pick }) => {
    const [id, request] = pickOf(model.requests, pick);
    mustSucceed(`cancelling ${request}`, await call(client.cancelRequest)(request));
    model.requests.delete(id);
    model.resolved.push(request);
  },
};

const cancelAgain: Action = {
  weight: 1,
  calls: "cancelRequest",
  isReady: ({ resolved }) => resolved.length > 0,
  run: async ({ resolved }, client, { pick }) => {
    const request = pickOf(resolved, pick);
    const answer = await call(client.cancelRequest)(request);
    mustBeRefused(`cancelling ${request} again`, answer, "alreadyResolved");
  },
};

const pass: Action = {
  weight: 2,
  calls: "list",
  isReady: ({ pass }) => pass !== null,
  run: async (model, client) => {
    await call(model.pass)();
    model.bought.clear();
    await compare(model, client, true);
  },
};

/** Every kind of command, by its name. */
export const ACTIONS: Readonly<Record<string, Action>> = {
  search,
  buy,
  buyHeld,
  repeat,
  look,
  getReleased,
  assign,
  release,
  releaseAgain,
  requestRelease,
  cancelRequest,
  cancelAgain,
  pass,
};
