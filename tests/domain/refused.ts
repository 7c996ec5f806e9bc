/** What a refused command says. */
import { DEFAULT_PLANS } from "../../core/organization/plans.ts";
import type { DomainEvent } from "../../core/events/vocabulary.ts";
import type { Command } from "../../core/registry/commands.ts";
import { ACME, ALICE, instant } from "../harness/specification.ts";
import { openDomain } from "../harness/domain.ts";

export const NOON = "2026-01-31T12:00:00Z";

export type Past = readonly DomainEvent[];

/** The sentence of a refusal at noon, after these events here and in another organization. */
export const sentence = (
  past: Past,
  command: Command,
  { elsewhere = [], id = ACME }: { readonly elsewhere?: Past; readonly id?: string } = {},
): string => {
  const domain = openDomain(DEFAULT_PLANS);
  const saying = { at: instant(NOON), actor: ALICE, scope: "all" } as const;
  domain.record("other", elsewhere, saying);
  domain.record(id, past, saying);
  const decision = domain.decide(id, command, saying);
  return decision.ok ? "nothing is refused" : decision.error.message;
};
