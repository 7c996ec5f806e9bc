/** `doctor`: what is wrong, and how to mend it. */
import { CommandFailed, interrupted, STATUS, type Status } from "../failures.ts";
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
  for await (const finding of await findingsOf(asked, session, environment)) {
    if (!isRead()) return;
    if (stopped.aborted) throw interrupted();
    await printFinding(screen, finding, asked.isJson);
    if (finding.state !== "wrong") continue;
    faults += 1;
    if (status === STATUS.done) status = finding.status ?? STATUS.refused;
  }
  if (faults > 0) throw new CommandFailed(status, `what is wrong: ${faults}`);
};
