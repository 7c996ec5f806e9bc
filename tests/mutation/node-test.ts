/**
 * What test files import as `node:test` while mutants are run: it collects their tests, so that a
 * worker thread can run those that reach a mutant, and stop at the first that fails. It has the
 * part of Node's module that the project's tests use.
 */
export { mock } from "node:test";

type Done = unknown;
type Hook = () => Done;
type Body = (context: Context) => Done;
type Options = { readonly skip?: boolean | string; readonly todo?: boolean | string };

/** What a test is called with. */
type Context = {
  readonly name: string;
  readonly signal: AbortSignal;
  readonly diagnostic: (message: string) => void;
  readonly after: (hook: Hook) => void;
  readonly test: (...args: Args<Body>) => Promise<void>;
};

type Hooks = Record<"before" | "after" | "beforeEach" | "afterEach", Hook[]>;
/** Tests that were collected. */
export type Suite = { readonly name: string; readonly hooks: Hooks; readonly members: Member[] };
type Member = Suite | { readonly name: string; readonly body: Body };
type Args<F> = [string, F] | [string, Options, F];

const newSuite = (name: string): Suite => ({
  name,
  hooks: { before: [], after: [], beforeEach: [], afterEach: [] },
  members: [],
});

let current = newSuite("");

const isSkipped = (options: Options): boolean => Boolean(options.skip) || Boolean(options.todo);

const partsOf = <F>(args: Args<F>): [string, Options, F] =>
  args.length === 2 ? [args[0], {}, args[1]] : args;

/** Node's `test`, and its other name. */
export const test = (...args: Args<Body>): Promise<void> => {
  const [name, options, body] = partsOf(args);
  if (!isSkipped(options)) current.members.push({ name, body });
  return Promise.resolve();
};
export const it = test;

/** Node's `describe`, and its other name. */
export const describe = (...args: Args<() => void>): Promise<void> => {
  const [name, options, body] = partsOf(args);
  if (isSkipped(options)) return Promise.resolve();
  const outer = current;
  current = newSuite(name);
  outer.members.push(current);
  try {
    body();
  } finally {
    current = outer;
  }
  return Promise.resolve();
};
export const suite = describe;

const adder = (kind: keyof Hooks) => (hook: Hook): void => void current.hooks[kind].push(hook);
export const before = adder("before");
export const after = adder("after");
export const beforeEach = adder("beforeEach");
export const afterEach = adder("afterEach");

export default Object.assign(test, {
  test,
  it,
  describe,
  suite,
  before,
  after,
  beforeEach,
  afterEach,
});

/** The tests that were collected since the last call, as the suite of one file. */
export const collected = (): Suite => {
  const all = current;
  current = newSuite("");
  return all;
};

/** What a run of tests needs to know, and is told. */
export type Run = {
  /** Whether the test of this name, with those of its suites before it, is to be run. */
  readonly wants: (name: string) => boolean;
  readonly onStart: (name: string) => void;
  readonly onEnd: (name: string) => void;
};

/** The name of a test in a suite: the names on the way to it. */
const inside = (path: string, name: string): string => path === "" ? name : `${path} > ${name}`;

const isSuite = (member: Member): member is Suite => "members" in member;

const wanted = (member: Member, path: string, run: Run): boolean =>
  isSuite(member)
    ? member.members.some((inner) => wanted(inner, inside(path, member.name), run))
    : run.wants(inside(path, member.name));

const runTest = async (name: string, body: Body, run: Run): Promise<void> => {
  run.onStart(name);
  const hooks: Hook[] = [];
  const context: Context = {
    name,
    signal: new AbortController().signal,
    diagnostic: () => {},
    after: (hook) => void hooks.push(hook),
    test: async (...args) => {
      const [, , inner] = partsOf(args);
      await inner(context);
    },
  };
  await body(context);
  for (const hook of hooks) await hook();
  run.onEnd(name);
};

/** Runs the wanted tests of a suite in their order; throws what the first that fails throws. */
export const runSuite = async (
  { hooks, members, name }: Suite,
  run: Run,
  outer: { readonly path: string; readonly each: Pick<Hooks, "beforeEach" | "afterEach"> } = {
    path: "",
    each: { beforeEach: [], afterEach: [] },
  },
): Promise<void> => {
  const path = name === "" ? outer.path : inside(outer.path, name);
  const chosen = members.filter((member) => wanted(member, path, run));
  if (chosen.length === 0) return;
  const each = {
    beforeEach: [...outer.each.beforeEach, ...hooks.beforeEach],
    afterEach: [...hooks.afterEach, ...outer.each.afterEach],
  };
  for (const hook of hooks.before) await hook();
  for (const member of chosen) {
    if (isSuite(member)) await runSuite(member, run, { path, each });
    else {
      for (const hook of each.beforeEach) await hook();
      await runTest(inside(path, member.name), member.body, run);
      for (const hook of each.afterEach) await hook();
    }
  }
  for (const hook of hooks.after) await hook();
};
