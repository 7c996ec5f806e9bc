import { DEFAULT_PLANS, type Plan } from "ledgerline";
import { createWorker } from "ledgerline/workerd";

const Starter: Plan = {
  name: "Starter",
  maxNumbers: 1,
  billing: "subscription",
  verification: "none",
};

export default createWorker({ plans: { ...DEFAULT_PLANS, Starter } });
