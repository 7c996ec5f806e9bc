import { DEFAULT_PLANS, NO_LIMITS, type Plan } from "ledgerline";
import { createWorker } from "ledgerline/workerd";

const Starter: Plan = {
  name: "Starter",
  maxNumbers: 1,
  billing: "subscription",
  verification: "none",
  limits: NO_LIMITS,
};

export default createWorker({ plans: { ...DEFAULT_PLANS, Starter } });
