/** The simplest model of an organization's numbers. */
import assert from "node:assert/strict";
import type { E164 } from "../../../core/values/e164.ts";
import type { NumberClient, SeenNumber } from "./client.ts";

/** A number that is held, as the model expects it. */
export type HeldNumber = SeenNumber & {
  /** Its release was started, and ends automatically. */
  readonly isLeaving: boolean;
};

/** A purchase that was made under a key, and the number that it got. */
export type KeyedPurchase = { readonly key: string; readonly e164: E164; readonly id: string };

/** What a model run knows so far. */
export type NumberModel = {
  /** The calls that the client has. */
  readonly calls: ReadonlySet<keyof NumberClient>;
  /** How many bought numbers the plan allows at the same time; null where that is not known. */
  readonly maxNumbers: number | null;
  /** How many purchases may be made until `pass` is called; null where that is not known. */
  readonly quota: number | null;
  /** Ids that were bought since, with whether they were ever seen to be more than ordered. */
  readonly bought: Map<string, boolean>;
  /** Lets time pass; null where it cannot be. */
  readonly pass: (() => Promise<void>) | null;
  /** Numbers by their ids, without failed purchases. */
  readonly held: Map<string, HeldNumber>;
  /** What the last search showed. */
  offered: readonly E164[];
  readonly purchases: KeyedPurchase[];
  /** Ids of numbers that were released. */
  readonly released: string[];
  /** Ids from before the run: an unknown request for their release may be pending. */
  readonly unsure: Set<string>;
  /** Release requests that wait, by the number they are about. */
  readonly requests: Map<string, string>;
  /** Release requests that no longer wait. */
  readonly resolved: string[];
  /** A key that no other purchase has. */
  readonly nextKey: () => string;
};

/** How a model run is set up. */
export type ModelOptions = {
  /**
   * How many numbers the plan allows at the same time, without imported ones; unchecked if left
   * out.
   */
  readonly maxNumbers?: number | undefined;
  /**
   * How many purchases may be made until `pass` is called, those of numbers that are given back
   * included, where none were made before the run and `pass` lets enough time go by that they no
   * longer count; not checked where left out.
   */
  readonly quota?: number | undefined;
  /** Lets some time pass, for instance by advancing a test clock; never called where left out. */
  readonly pass?: (() => Promise<void>) | undefined;
};

const isThere = ({ status }: SeenNumber): boolean => status !== "failed";

/** How many numbers count: neither failed nor being released. */
const countOf = ({ held }: NumberModel): number =>
  [...held.values()].filter(({ isLeaving }) => !isLeaving).length;

/** How many may count: a purchase that is cancelled does, until the carrier has answered. */
export const mostOf = ({ held }: NumberModel): number =>
  [...held.values()].filter(({ isLeaving, status }) => !isLeaving || status === "purchasing")
    .length;

/** A model of what a client's organization holds now. */
export const beginModel = async (
  client: NumberClient,
  { maxNumbers, quota, pass }: ModelOptions = {},
): Promise<NumberModel> => {
  const numbers = (await client.list()).filter(isThere);
  const run = crypto.randomUUID();
  let keys = 0;
  const names = Object.keys(client) as (keyof NumberClient)[];
  return {
    calls: new Set(names.filter((name) => client[name] !== null)),
    maxNumbers: maxNumbers ?? null,
    quota: quota ?? null,
    bought: new Map(),
    pass: pass ?? null,
    held: new Map(numbers.map((number) => [number.id, { ...number, isLeaving: false }])),
    offered: [],
    purchases: [],
    released: [],
    unsure: new Set(numbers.map(({ id }) => id)),
    requests: new Map(),
    resolved: [],
    nextKey: () => `${run}/${++keys}`,
  };
};

/** A release has begun, and with it a request for one is granted. */
export const grant = ({ requests, resolved }: NumberModel, id: string): void => {
  const request = requests.get(id);
  if (request !== undefined) resolved.push(request);
  requests.delete(id);
};

/** The number is no longer held. */
export const letGo = (model: NumberModel, id: string): void => {
  grant(model, id);
  model.held.delete(id);
  model.released.push(id);
};

const checkList = (listed: readonly SeenNumber[]): void => {
  const ids = listed.map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length, `the list has an id twice: ${ids.join(", ")}`);
  const e164s = listed.filter(isThere).map(({ e164 }) => e164);
  assert.equal(new Set(e164s).size, e164s.length, `a number is held twice: ${e164s.join(", ")}`);
};

/** The statuses a number may reach automatically from the one it was last seen in. */
const MOVES: Readonly<Record<SeenNumber["status"], readonly SeenNumber["status"][]>> = {
  purchasing: ["purchasing", "active", "suspended", "failed"],
  active: ["active", "suspended"],
  suspended: ["suspended", "active"],
  failed: ["failed"],
};

const checkHeld = (number: HeldNumber, now: SeenNumber): void => {
  const { id, e164, status, assistant, isLeaving } = number;
  assert.equal(now.e164, e164, `${id} has become another number`);
  if (isLeaving) return;
  assert.ok(MOVES[status].includes(now.status), `${e164} was ${status} and is ${now.status}`);
  assert.equal(now.assistant, assistant, `${e164} is with another assistant`);
};

/** Purchases are not more than the quota; one that may yet fail may or may not be counted. */
const checkQuota = ({ quota, bought }: NumberModel, listed: readonly SeenNumber[]): void => {
  for (const { id, status } of listed) {
    if (!bought.has(id)) continue;
    if (status === "failed") bought.delete(id);
    else if (status !== "purchasing") bought.set(id, true);
  }
  const sure = [...bought.values()].filter((isSure) => isSure).length;
  assert.ok(
    quota === null || sure <= quota,
    `${sure} purchases, of which the quota allows ${quota}`,
  );
};

/**
 * Compares what the client lists with the model, and takes over what may have changed
 * automatically. `timePassed`: trials and grace may be over, so numbers may have left as well.
 */
export const compare = async (
  model: NumberModel,
  client: NumberClient,
  timePassed = false,
): Promise<void> => {
  const listed = await client.list();
  checkList(listed);
  checkQuota(model, listed);
  for (const number of model.held.values()) {
    const { id, e164, isLeaving } = number;
    const now = listed.find((one) => one.id === id);
    if (now === undefined) {
      assert.ok(isLeaving || timePassed, `${e164} is held, and is not listed`);
      letGo(model, id);
      continue;
    }
    if (!timePassed) checkHeld(number, now);
    if (isThere(now)) model.held.set(id, { ...now, isLeaving });
    else model.held.delete(id);
  }
  for (const { id, e164 } of listed.filter(isThere)) {
    assert.ok(model.held.has(id), `${e164} is listed, and was not bought`);
  }
  const { maxNumbers } = model;
  if (maxNumbers === null) return;
  assert.ok(countOf(model) <= maxNumbers, `${countOf(model)} of ${maxNumbers} numbers are held`);
};
