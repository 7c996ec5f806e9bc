/**
 * A reporter for Node's test runner that tells how many tests are written in each file, of those that
 * ran or were skipped, and which of them failed and why, as one JSON object.
 * A file that reports none is reported by the runner as a test of the file's own name that passed.
 * JavaScript, as Node loads reporters before what makes it read TypeScript.
 */

/** A suite fails because of a test in it, which is told by itself. */
const isOfParts = (error) => error?.failureType === "subtestsFailed";

const whyOf = (error) => String(error?.cause?.message ?? error?.message ?? error);

/** Reads the runner's events, and gives the object when they end. */
export default async function* reporter(events) {
  const ran = {};
  const failures = [];
  for await (const { type, data: { name, file, details } } of events) {
    if ((type !== "test:pass" && type !== "test:fail") || file === undefined) continue;
    if (name !== file) ran[file] = (ran[file] ?? 0) + 1;
    if (type === "test:fail" && !isOfParts(details.error)) {
      failures.push({ file, name, why: whyOf(details.error) });
    }
  }
  yield `${JSON.stringify({ ran, failures })}\n`;
}
