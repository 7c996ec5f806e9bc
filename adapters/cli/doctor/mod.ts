/** `doctor`: what is wrong, and how to mend it. */
import { CommandFailed, STATUS, type Status, stopOf } from "../failures.ts";
import type { AskedOfDoctor } from "../asked.ts";
import type { Environment } from "../target/mod.ts";
import { openServer } from "../target/open.ts";
import type { Session } from "../terminal.ts";
import { type Finding, printFinding } from "./finding.ts";

const findingsOf = async (
  { place }: AskedOfDoctor,
  { stopped, screen }: Session,
  environment: Environment,
): Promise<AsyncGenerator<Finding>> => {
  const server = openServer(place, environment, stopped, screen.note);
  if (server !== null) {
    const { lookAtServer } = await import("./server.ts");
    return lookAtServer(server, environment);
  }
  const { lookHere } = await import("./local.ts");
  return lookHere(environment);
};

/**
 * Looks at a server where the words or the environment name one, else at the settings and what they
 * name; prints a line for each check, and throws where something is wrong, with the status of the
 * first.
 */
export const examine = async (
  asked: AskedOfDoctor,
  session: Session,
  environment: Environment,
): Promise<void> => {
  const { screen, stopped, isRead } = session;
  let [status, faults]: [Status, number] = [STATUS.done, 0];
  const findings = await findingsOf(asked, session, environment);
  const stop = stopOf(stopped);
  try {
    for (;;) {
      const { value: finding, done } = await Promise.race([stop, findings.next()]);
      if (done === true) break;
      await printFinding(screen, finding, asked.isJson);
      if (finding.state !== "wrong") continue;
      faults += 1;
      if (status === STATUS.done) status = finding.status ?? STATUS.refused;
    }
  } catch (error) {
    if (!isRead()) return;
    throw error;
  } finally {
    // What was stopped closes what it opened once it ends; nobody waits for that.
    void findings.return(undefined).catch(() => {});
  }
  if (faults > 0) throw new CommandFailed(status, `what is wrong: ${faults}`);
};
