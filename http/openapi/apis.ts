/** The APIs that have documents. */
import { admin } from "../admin/mod.ts";
import * as adminAnswers from "../admin/answers.ts";
import * as inventoryAnswers from "../admin/inventory-answers.ts";
import { operations as adminOperations } from "../admin/operations.ts";
import * as businessAnswers from "../business-answers.ts";
import * as eventAnswers from "../events/answers.ts";
import { operations as eventOperations } from "../events/operations.ts";
import * as webhookAnswers from "../events/webhook-answers.ts";
import { webhookOperations } from "../events/webhook-operations.ts";
import { openEventFeed } from "../events/routes.ts";
import { ledger } from "../ledger/mod.ts";
import * as ledgerAnswers from "../ledger/answers.ts";
import * as dryRunAnswers from "../ledger/dry-run-answers.ts";
import * as organizationAnswers from "../ledger/organization-answers.ts";
import { operations as ledgerOperations } from "../ledger/operations.ts";
import { speko } from "../speko/mod.ts";
import * as spekoAnswers from "../speko/answers.ts";
import { operations as spekoOperations } from "../speko/operations.ts";
import { talkover } from "../talkover/mod.ts";
import * as talkoverAnswers from "../talkover/answers.ts";
import { operations as talkoverOperations } from "../talkover/operations.ts";
import { talkturo } from "../talkturo/mod.ts";
import * as talkturoAnswers from "../talkturo/answers.ts";
import { operations as talkturoOperations } from "../talkturo/operations.ts";
import type { Dialect } from "../dialect.ts";
import type { Api } from "./document.ts";
import { eventWebhooks } from "./webhooks.ts";

const JSON_FAILURE = { name: "Failure", type: "application/json" };
const PROBLEM = { name: "Problem", type: "application/problem+json" };
const TOKEN = {
  token: "A token of one organization, which the operator issues.",
  hasScopes: true,
};

const { encodeWebhook: _webhook, encodeDelivery: _delivery, ...webhookSchemas } = webhookAnswers;

/** Each API as its document presents it. */
export const APIS: Readonly<Record<Dialect["name"], Api>> = {
  talkturo: {
    title: "Talkturo",
    description: "Search, buy and assign numbers. Organizations are teams, agents assistants.",
    routes: talkturo.routes,
    auth: talkturo.auth,
    operations: talkturoOperations,
    schemas: talkturoAnswers,
    failure: JSON_FAILURE,
    invalid: 400,
    ...TOKEN,
  },
  talkover: {
    title: "Talkover",
    description: "List, filter and give up numbers. Organizations are environments.",
    routes: talkover.routes,
    auth: talkover.auth,
    operations: talkoverOperations,
    schemas: talkoverAnswers,
    failure: JSON_FAILURE,
    invalid: 422,
    ...TOKEN,
  },
  speko: {
    title: "Speko",
    description: "Everything about numbers, and the verification of the business behind them.",
    routes: speko.routes,
    auth: speko.auth,
    operations: spekoOperations,
    schemas: { ...spekoAnswers, ...businessAnswers },
    failure: JSON_FAILURE,
    invalid: 400,
    ...TOKEN,
  },
  ledger: {
    title: "Ledgerline",
    description: "The ledger in its own words: also the past, and what only it can change.",
    routes: [...ledger.routes, ...openEventFeed().routes()],
    auth: ledger.auth,
    operations: { ...ledgerOperations, ...eventOperations, ...webhookOperations },
    schemas: {
      ...ledgerAnswers,
      ...organizationAnswers,
      ...dryRunAnswers,
      ...eventAnswers,
      ...webhookSchemas,
      ...businessAnswers,
    },
    failure: PROBLEM,
    invalid: 400,
    webhooks: eventWebhooks,
    ...TOKEN,
  },
  admin: {
    title: "Ledgerline for operators",
    description: "Organizations, tokens, money, reviews, and what is kept at carriers.",
    routes: admin.routes,
    auth: admin.auth,
    operations: adminOperations,
    schemas: {
      ...adminAnswers,
      ...inventoryAnswers,
      Submission: spekoAnswers.Submission,
      Problem: ledgerAnswers.Problem,
    },
    failure: PROBLEM,
    invalid: 400,
    token: "The ADMIN_TOKEN of the server.",
    hasScopes: false,
  },
};
