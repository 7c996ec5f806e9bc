/** When code runs: waits for a fixed time, and hooks around all tests of a file. */
import { type CallExpression, type NewExpression, type Program, Visitor } from "oxc-parser";
import type { LineOf, Span } from "./lines.ts";

/** A call that a rule is about. */
export type FoundCall = { readonly what: string; readonly line: number };

/** The name that is called: `setTimeout` of `setTimeout` and of `globalThis.setTimeout`. */
const calledName = ({ callee }: CallExpression | NewExpression): string | null => {
  if (callee.type === "Identifier") return callee.name;
  if (callee.type !== "MemberExpression" || callee.property.type !== "Identifier") return null;
  return callee.property.name;
};

/** The names by which the executor of a promise resolves and rejects it. */
const settlersOf = ({ arguments: [executor] }: NewExpression): readonly (string | null)[] =>
  executor?.type === "ArrowFunctionExpression" || executor?.type === "FunctionExpression"
    ? executor.params.map((param) => param.type === "Identifier" ? param.name : null)
    : [];

/**
 * Promises that a timer resolves, and sleeps of Effect that are run directly. A timer without a
 * delay only gives others a turn, and one that rejects its promise is a limit.
 */
export const waitsIn = (text: string, program: Program, lineOf: LineOf): FoundCall[] => {
  const found: FoundCall[] = [];
  const promises: NewExpression[] = [];
  const runs: CallExpression[] = [];
  const isPromise = (node: NewExpression): boolean => calledName(node) === "Promise";
  const isRun = (call: CallExpression): boolean => calledName(call) === "runPromise";
  const names = ({ start, end }: Span, name: string | null | undefined): boolean =>
    (text.slice(start, end).match(/[\w$]+/g) ?? []).some((word) => word === name);
  const isWait = ({ arguments: [action, delay] }: CallExpression, made: NewExpression): boolean => {
    if (delay === undefined || (delay.type === "Literal" && delay.value === 0)) return false;
    const [resolve, reject] = settlersOf(made);
    return action === undefined || names(action, resolve) || !names(action, reject);
  };
  new Visitor({
    NewExpression: (node) => {
      if (isPromise(node)) promises.push(node);
    },
    "NewExpression:exit": (node) => {
      if (isPromise(node)) promises.pop();
    },
    CallExpression: (call) => {
      const name = calledName(call);
      const made = promises.at(-1);
      const line = lineOf(call.start);
      if (name === "setTimeout" && made !== undefined && isWait(call, made)) {
        found.push({ what: "a timer resolves a promise", line });
      }
      if (name === "sleep" && runs.length > 0) found.push({ what: "a sleep is run", line });
      if (isRun(call)) runs.push(call);
    },
    "CallExpression:exit": (call) => {
      if (isRun(call)) runs.pop();
    },
  }).visit(program);
  return found;
};

const HOOKS = new Set(["before", "after", "beforeEach", "afterEach"]);

/** Hooks that are set where the module is loaded, outside every function. */
export const hooksIn = (program: Program, lineOf: LineOf): FoundCall[] => {
  const found: FoundCall[] = [];
  let depth = 0;
  const enter = (): void => void depth++;
  const leave = (): void => void depth--;
  new Visitor({
    FunctionDeclaration: enter,
    "FunctionDeclaration:exit": leave,
    FunctionExpression: enter,
    "FunctionExpression:exit": leave,
    ArrowFunctionExpression: enter,
    "ArrowFunctionExpression:exit": leave,
    CallExpression: (call) => {
      const name = calledName(call);
      if (depth === 0 && name !== null && HOOKS.has(name)) {
        found.push({ what: name, line: lineOf(call.start) });
      }
    },
  }).visit(program);
  return found;
};
