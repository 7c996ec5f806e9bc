/** How long the built server takes from its start to the line that says it is ready. */
import { withFolder } from "../engine.ts";
import { median } from "../measure.ts";
import { startServer } from "../processes.ts";
import type { Line, Row } from "../report.ts";

const MOST_ROUNDS = 5;
const STARTS_AGAIN = 3;

const readyIn = async (folder: string): Promise<number> => {
  const server = await startServer(folder);
  await server.stop();
  return server.ready_ms;
};

const line = (what: string, taken_ms: readonly number[], goal_ms: number): Line => ({
  what,
  figure: median(taken_ms),
  unit: "ms",
  baseline: null,
  ratio: null,
  goal: { atMost: goal_ms },
  note: `${Math.round(Math.min(...taken_ms))} to ${Math.round(Math.max(...taken_ms))} ms`,
});

export const ready: Row = {
  name: "ready",
  run: async ({ rounds }) => {
    const first_ms: number[] = [];
    const again_ms: number[] = [];
    for (let round = 0; round < Math.min(rounds, MOST_ROUNDS); round++) {
      await withFolder(async (folder) => {
        first_ms.push(await readyIn(folder));
        for (let again = 0; again < STARTS_AGAIN; again++) again_ms.push(await readyIn(folder));
      });
    }
    return [
      line("ready, first start on an empty folder", first_ms, 2_000),
      line("ready, start on what is there", again_ms, 700),
    ];
  },
};
