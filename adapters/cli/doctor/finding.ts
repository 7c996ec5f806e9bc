/** What a check found, and how it is shown. */
import type { Screen } from "../calls/context.ts";
import { shown, shownJson } from "../escape.ts";
import type { Status } from "../failures.ts";

/** What one check found. */
export type Finding = {
  /** What was looked at. */
  readonly check: string;
  /** `note`: it works, and may not be what is wanted. */
  readonly state: "ok" | "note" | "wrong";
  readonly says: string;
  /** How to mend it. */
  readonly mend?: string;
  /** With which status the program ends where it is wrong. */
  readonly status?: Status;
};

/** It is in order. */
export const fine = (check: string, says: string): Finding => ({ check, state: "ok", says });

/** It works, and may not be what is wanted. */
export const note = (check: string, says: string, mend?: string): Finding => ({
  check,
  state: "note",
  says,
  ...(mend !== undefined && { mend }),
});

/** It does not work. */
export const wrong = (check: string, status: Status, says: string, mend: string): Finding => ({
  check,
  state: "wrong",
  says,
  mend,
  status,
});

const STATES: Readonly<Record<Finding["state"], string>> = {
  ok: "ok   ",
  note: "note ",
  wrong: "WRONG",
};

/** Prints a finding: two lines at most, or one JSON object. */
export const printFinding = async (
  { line, bold }: Screen,
  finding: Finding,
  isJson: boolean,
): Promise<void> => {
  const { check, state, says, mend } = finding;
  if (isJson) return await line(shownJson({ check, state, says, mend: mend ?? null }));
  const label = state === "wrong" ? bold(STATES[state]) : STATES[state];
  await line(`${label}  ${check.padEnd(16)}  ${shown(says)}`);
  if (mend !== undefined) await line(`${" ".repeat(25)}${shown(mend)}`);
};
