/** A server to be tried, whatever it runs on. */
import { operatorOf, requesterTo, type TestApp } from "../../support/app.ts";

/** Its address, and the operator's token. Its clock is a test clock. */
export type Target = { readonly url: string; readonly adminToken: string };

/** Calls of a target. */
export type Client =
  & Target
  & Pick<TestApp, "request" | "admin" | "organization" | "advance">;

export const clientOf = (target: Target): Client => {
  const request = requesterTo(target.url);
  return { ...target, request, ...operatorOf(request, target.adminToken) };
};

/** Asks again and again until the answer is what was waited for; throws when it takes very long. */
export const until = async <Answer>(
  ask: () => Promise<Answer>,
  isIt: (answer: Answer) => boolean,
): Promise<Answer> => {
  const end = Date.now() + 60_000;
  for (;;) {
    const answer = await ask();
    if (isIt(answer)) return answer;
    if (Date.now() > end) throw new Error(`still: ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};
