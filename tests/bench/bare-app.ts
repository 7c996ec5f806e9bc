import { Hono } from "hono";
import type { Bare } from "./engine.ts";

/** Hono with one statement behind each route: `GET /row` reads one by key, `POST /row` inserts. */
export const bareApp = async (bare: Bare): Promise<Hono> => {
  await bare.insert("{}");
  return new Hono()
    .get("/row", async (context) => context.json(await bare.read()))
    .post("/row", async (context) => {
      await bare.insert(JSON.stringify(await context.req.json()));
      return context.json({ inserted: true });
    });
};
