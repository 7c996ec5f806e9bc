/**
 * Ids that may not be new: records that were stored under one before that rule behave as under any
 * other.
 */
import { test } from "node:test";
import type { Command } from "../../core/registry/commands.ts";
import type { DomainEvent } from "../../core/events/vocabulary.ts";
import { at, given } from "../harness/specification.ts";
import {
  assigned,
  bringIn,
  imported,
  opened,
  PN,
  purchased,
  requested,
  sipInstalled,
  unassigned,
} from "../harness/story/mod.ts";

const NOON = "2026-01-31T12:00:00Z";
/** In Unicode's normal form D. */
const OLD = "cafe\u0301";

const held = at(NOON, opened(), sipInstalled(), requested(), purchased(NOON));
const named = (name: string): DomainEvent => ({
  type: "AssistantNamed",
  data: { assistant: OLD, name },
});
const registered = (label: string): DomainEvent => ({
  type: "ConnectionRegistered",
  data: { connection: OLD, label },
});
const sip = (ready: boolean) => ({
  installation: OLD,
  providerName: "P",
  trunk: "old",
  ready,
});
const installed = (ready: boolean): DomainEvent => ({
  type: "SipConnectionInstalled",
  data: sip(ready),
});

const name: Command = { type: "NameAssistant", assistant: OLD, name: "New" };
const route: Command = { type: "ChangeRouting", holding: PN, assistant: OLD };
const assign = (...holdings: readonly string[]): Command => ({
  type: "AssignNumbers",
  assistant: OLD,
  holdings,
});
const bring = bringIn({ holding: "pn_2", e164: "+14155550177", assistant: OLD });
const install: Command = { type: "InstallSipConnection", ...sip(true) };
const register: Command = { type: "RegisterConnection", connection: OLD, label: "New" };

test("an id that may not be new is refused to every command that would introduce it", () => {
  for (const command of [name, route, assign(PN), assign(), bring, install, register]) {
    given(held).when(command, { at: NOON }).then("ID_UNFIT");
  }
});

test("an assistant that was named with such an id is renamed and given numbers", () => {
  const known = given(held, at(NOON, named("Old")));
  known.when(name, { at: NOON }).then([named("New")]);
  known.when(route, { at: NOON }).then([assigned(OLD)]);
  known.when(assign(PN), { at: NOON }).then([assigned(OLD)]);
  const it = { holding: "pn_2", e164: "+14155550177" } as const;
  known.when(bring, { at: NOON })
    .then([imported(it), assigned(OLD, it.holding)]);
});

test("an assistant that has a number by such an id is named, emptied and given more", () => {
  const known = given(held, at(NOON, assigned(OLD)));
  known.when(name, { at: NOON }).then([named("New")]);
  known.when(route, { at: NOON }).then([]);
  known.when(assign(), { at: NOON }).then([unassigned(OLD)]);
});

test("a SIP connection and a carrier's connection with such an id are changed", () => {
  given(held, at(NOON, installed(false))).when(install, { at: NOON }).then([installed(true)]);
  given(held, at(NOON, registered("Old"))).when(register, { at: NOON }).then([registered("New")]);
});
