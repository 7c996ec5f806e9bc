/** Decides the import of a number over a SIP trunk, and its end. */
import { type Handler, NOTHING } from "../../log/decision.ts";
import type { Refused } from "../../log/decision.ts";
import type { DomainEvent } from "../../events/vocabulary.ts";
import type { State } from "../../log/state.ts";
import {
  type OrganizationUnknown,
  self,
  unknownOrganization,
} from "../../organization/refusals.ts";
import { planOf } from "../../organization/plans.ts";
import { importLimit, type ImportLimitReached } from "../../organization/quotas.ts";
import { sipConnections } from "../../organization/state.ts";
import type { Claim } from "../../ports/mod.ts";
import {
  carrierClaim,
  type ClaimKey,
  importClaim,
  placeData,
  placeIn,
  type Scope,
  type World,
  worldsOf,
} from "../../values/claim-key.ts";
import type { E164 } from "../../values/e164.ts";
import { spellingsOf } from "../../values/line.ts";
import { failed, ok } from "../../values/result.ts";
import {
  claimant,
  type NumberTaken,
  numberTaken,
  type NumberUnknown,
  unknownNumber,
} from "../refusals.ts";
import type { Routing } from "../details.ts";
import { numbers, type Purchasing, seenNumber, worldOf } from "../state.ts";
import type { IdUnfit } from "../../organization/ids.ts";
import { needsAssistant, unfitAssistant } from "./assistants.ts";
import { needsNumber, pendingRequest } from "./needs.ts";
import { beginRelease, type NumberInUse, numberInUse } from "./release.ts";
import { reassign, stored } from "./routing.ts";

/** Imports a number that its owner already has with a SIP provider. */
export type ImportNumber = {
  readonly type: "ImportNumber";
  readonly holding: string;
  readonly e164: E164;
  /** The world of the caller; `all` where the ledger's own carrier is the sandbox. */
  readonly scope: Scope;
  /** The installation it comes in over, or the legacy trunk; never both. */
  readonly via: { readonly sipConnection: string } | { readonly sipTrunk: string };
  readonly sipProviderName: string | null;
  readonly routing: Routing;
  readonly assistant: string | null;
};

/** The number comes in over no SIP connection that is installed. */
export type SipConnectionUnknown = Refused<"SIP_CONNECTION_UNKNOWN">;

const unknownSipConnection = failed<SipConnectionUnknown>({
  code: "SIP_CONNECTION_UNKNOWN",
  message:
    "The SIP connection is not installed for the organization; name one that is, or have the " +
    "operator install it.",
});

const isInstalled = (state: State, via: ImportNumber["via"]): boolean =>
  "sipConnection" in via
    ? state.get(sipConnections, via.sipConnection) !== undefined
    : state.all(sipConnections).some(({ trunk }) => trunk === via.sipTrunk);

/** The keys by which a line is imported in this world, in any spelling. */
export const importClaims = (world: World, e164: E164): readonly ClaimKey[] =>
  spellingsOf(e164).map((each) => importClaim(world, each));

/** The keys by which a line is bought or imported in these worlds, in any spelling. */
export const lineClaims = (worlds: readonly World[], e164: E164): readonly ClaimKey[] =>
  worlds.flatMap((world) =>
    spellingsOf(e164).flatMap((each) => [carrierClaim(world, each), importClaim(world, each)])
  );

/**
 * Refused when anyone in the same world holds the number, where the connection (or one with the
 * trunk) is not installed for the organization, and beyond the plan's limit of imports. An import
 * is not proved: it ends when the number is bought from a carrier (`endImport`).
 */
export const importNumber: Handler<
  ImportNumber,
  | OrganizationUnknown
  | NumberTaken
  | SipConnectionUnknown
  | ImportLimitReached
  | IdUnfit
> = {
  needs: ({ via, ...command }) => ({
    rows: [
      ...needsNumber(command).rows,
      ...("sipConnection" in via ? [{ kind: sipConnections.kind, key: via.sipConnection }] : []),
      ...(needsAssistant(command.assistant).rows ?? []),
    ],
    kinds: "sipTrunk" in via ? [sipConnections.kind] : [],
    groups: needsAssistant(command.assistant).groups,
    claims: lineClaims(worldsOf(command.scope), command.e164),
  }),
  more: claimant,
  decide: (
    state,
    { holding, e164, scope, via, sipProviderName, routing, assistant },
    context,
  ) => {
    const organization = self(state);
    if (organization === undefined) return unknownOrganization;
    const unfit = unfitAssistant(state, assistant);
    if (unfit !== null) return unfit;
    if (!isInstalled(state, via)) return unknownSipConnection;
    // Commands that are decided with it may have asked for other claims.
    const [claim, ...others] = lineClaims(worldsOf(scope), e164)
      .flatMap((key) => state.claimOn(key) ?? []);
    if (claim !== undefined) return numberTaken(state, e164, [claim, ...others]);
    // Where there is one world only, it is the sandbox's.
    const world = scope === "live" ? "live" : "sandbox";
    const place = placeIn(context.own, world);
    const plan = planOf(context.plans, organization);
    const tooMany = importLimit(organization, plan, place);
    if (tooMany !== null) return tooMany;
    const imported: DomainEvent = {
      type: "NumberImported",
      data: {
        holding,
        e164,
        world,
        ...placeData(place),
        sipConnection: "sipConnection" in via ? via.sipConnection : null,
        sipTrunk: "sipTrunk" in via ? via.sipTrunk : null,
        sipProviderName,
        ...stored(routing),
      },
    };
    return ok([imported, ...reassign({ id: holding, assistant: null }, assistant)]);
  },
};

/** An import claims the number, and must end first: `claim` says whose. */
export type NumberImportedElsewhere = Refused<"NUMBER_IMPORTED"> & { readonly claim: Claim };

/**
 * The refusal of a confirmation by the carrier, while another holding has the number as an import.
 */
export const importedElsewhere = (claim: Claim) =>
  failed<NumberImportedElsewhere>({
    code: "NUMBER_IMPORTED",
    message: "The phone number is imported by an organization; end that import first.",
    claim,
  });

/**
 * The import that claims the number of a purchase in these worlds, in any spelling. The claims of
 * `lineClaims` must have been asked for. A number that is bought claims both of its keys: one that
 * a carrier sold in another spelling is not an import.
 */
export const importInTheWay = (
  state: State,
  worlds: readonly World[],
  e164: E164,
): Claim | undefined => {
  for (const world of worlds) {
    for (const each of spellingsOf(e164)) {
      const imported = state.claimOn(importClaim(world, each));
      const sold = state.claimOn(carrierClaim(world, each));
      if (imported !== null && imported.holder !== sold?.holder) return imported;
    }
  }
  return undefined;
};

/** The worlds whose imports are in the way of a purchase. */
export const worldsOfImports = (number: Purchasing): readonly World[] => {
  const { importedIn } = number.stage;
  return importedIn === undefined ? [worldOf(number)] : [worldOf(number), importedIn];
};

/** The number was bought from a carrier, which proves that no importer has it. */
export type EndImport = { readonly type: "EndImport"; readonly holding: string };

/**
 * Ends an import, as any release does: its assistant loses it, and a release request is granted. A
 * number that is not an import, or no longer exists, is left alone.
 */
export const endImport: Handler<EndImport, never> = {
  needs: needsNumber,
  more: pendingRequest,
  decide: (state, { holding }) => {
    const number = state.get(numbers, holding);
    return ok(number?.source === "imported" ? beginRelease(number, "boughtFromCarrier") : NOTHING);
  },
};

/** The organization gives up a number that it imported and that no assistant uses. */
export type RemoveImport = { readonly type: "RemoveImport"; readonly holding: string };

/**
 * Releases the import immediately. Refused while an assistant has it; a number that was bought is
 * not an import, and unknown to this command.
 */
export const removeImport: Handler<RemoveImport, NumberUnknown | NumberInUse> = {
  needs: needsNumber,
  more: pendingRequest,
  decide: (state, { holding }, context) => {
    const number = seenNumber(state, holding, context);
    if (number?.source !== "imported") return unknownNumber;
    return number.assistant === null ? ok(beginRelease(number, "byUser")) : numberInUse;
  },
};
