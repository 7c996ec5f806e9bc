/**
 * A reporter for Node's test runner that writes how many tests each file has, of those that ran or
 * were skipped, and which of them failed and why, as one JSON object. The runner reports a file
 * without tests as a passed test with the file's name. In JavaScript, since Node loads reporters
 * before its TypeScript support.
 */

/** A suite fails because of a test in it, which is reported separately. */
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
