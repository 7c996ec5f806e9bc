/** The commands that speak to a ledger, as what they were given. */
import type { Whose } from "../target/mod.ts";

/** What a search may be narrowed by: the members of the search's body. */
export type SearchWords = {
  readonly country: string;
  readonly type: string | undefined;
  readonly areaCode: string | undefined;
  readonly locality: string | undefined;
  readonly features: string | undefined;
  readonly contains: string | undefined;
  readonly startsWith: string | undefined;
  readonly endsWith: string | undefined;
  readonly nearby: boolean;
  readonly limit: number | undefined;
};

/** What a list may be narrowed by: the parameters of the list's query. */
export type ListWords = {
  readonly status: string | undefined;
  readonly assistant: string | undefined;
  readonly direction: string | undefined;
  readonly source: string | undefined;
  readonly search: string | undefined;
  readonly asOf: string | undefined;
};

/** A number to buy, and where it leads. */
export type BuyWords = {
  readonly e164: string;
  readonly assistant: string | undefined;
  readonly label: string | undefined;
  readonly direction: string | undefined;
  readonly connection: string | undefined;
};

/** An item of the list of work: the members of the body that names it. */
export type WorkName = {
  /** Null for what belongs to none. */
  readonly organization: string | null;
  readonly kind: string;
  readonly id: string;
};

type Limit = { readonly limit: number | undefined };

/** A command with what it needs. */
export type Call =
  | {
    readonly name: "organization open";
    readonly id: string;
    readonly called: string | undefined;
    readonly plan: string | undefined;
  }
  | { readonly name: "organization list" } & Limit
  | { readonly name: "organization show"; readonly id: string }
  | { readonly name: "organization close"; readonly id: string; readonly isSure: boolean }
  | {
    readonly name: "organization credit";
    readonly id: string;
    readonly amount: string;
    readonly key: string | undefined;
  }
  | {
    readonly name: "token issue";
    readonly organization: string;
    readonly email: string;
    readonly called: string | undefined;
    readonly isSandbox: boolean;
    readonly scope: "read" | "write" | undefined;
    readonly expires: string | undefined;
    readonly key: string | undefined;
  }
  | { readonly name: "token list"; readonly organization: string } & Limit
  | { readonly name: "token revoke"; readonly id: string }
  | { readonly name: "plan list" }
  | { readonly name: "plan show"; readonly plan: string }
  | { readonly name: "plan set"; readonly organization: string; readonly plan: string }
  | { readonly name: "search"; readonly filters: SearchWords }
  | {
    readonly name: "buy";
    readonly wanted: BuyWords;
    readonly isSure: boolean;
    readonly key: string | undefined;
  }
  | { readonly name: "list"; readonly filters: ListWords; readonly isAll: boolean } & Limit
  | {
    readonly name: "history";
    readonly id: string;
    /** Whose it is or was, as the operator knows; null where its own organization asks. */
    readonly of: { readonly organization: string | undefined } | null;
  } & Limit
  | { readonly name: "show"; readonly id: string }
  | {
    readonly name: "release";
    readonly id: string;
    readonly isOperator: boolean;
    readonly isSure: boolean;
    readonly key: string | undefined;
  }
  | {
    readonly name: "work";
    readonly state: string | undefined;
    readonly until: string | undefined;
  } & Limit
  | { readonly name: "work run"; readonly item: WorkName }
  | { readonly name: "reconcile"; readonly carrier: string | undefined };

/** On whose behalf each is made. */
export const asWho = (call: Call): Whose => {
  if (call.name === "list") return call.isAll ? "operator" : "organization";
  if (call.name === "history") return call.of === null ? "organization" : "operator";
  if (call.name === "release") return call.isOperator ? "operator" : "organization";
  return ["search", "buy", "show"].includes(call.name) ? "organization" : "operator";
};
