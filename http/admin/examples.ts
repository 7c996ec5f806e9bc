/** What several examples of the operator's calls have. */

/** A plan. */
export const PLAN = {
  name: "Growth",
  maxNumbers: 10,
  billing: "subscription",
  verification: "none",
  trialDays: 5,
  graceDays: 7,
  trialNoticeDays: 1,
  renewalNoticeDays: 3,
  graceNoticeDays: 1,
  price: null,
  markup: 0,
  limits: {
    imports: 100,
    purchasesPerDay: 20,
    purchasesPer30Days: 60,
    highestSetup: "25.00",
    highestMonthly: "25.00",
    requestsPerMinute: 1000,
    searchesPerMinute: 100,
  },
};

const { name: plan, ...terms } = PLAN;

/** An organization. */
export const ORGANIZATION = {
  id: "acme",
  name: "Acme",
  plan,
  terms,
  credits: "25.00",
  verification: "missing",
};

/** A token's id. */
export const TOKEN = "tk_01kg9qxg80k62fnz31851ccj7y";
