/** Release requests and the verification of a business through the ledger's own API. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertProblem, assertRefusedByField, bought, expected } from "./ledger-support.ts";
import { BUSINESS } from "./speko-support.ts";
import { type Talk, userOf, withTeam } from "./talk-support.ts";

const PATH = "/ledger/release-requests";
const REASON = "The office in Boston was closed.";
const ABSENT = "rr_00000000000000000000000000";

const ask = (call: Talk, number: string, reason = REASON) =>
  call("POST", PATH, { body: { number, reason } });

test("a release request is made, shown, rejected, made again and approved", () =>
  withTeam(async ({ app, call }) => {
    const { id: number, e164 } = await bought(call, "+14155550101");
    const made = await ask(call, number);
    const request = expected(made, 201);
    assert.equal(made.headers.get("location"), `${PATH}/${request.id}`);
    assert.deepEqual(request, {
      id: request.id,
      number,
      e164,
      reason: REASON,
      status: "pending",
      requestedAt: "2026-01-31T10:00:00Z",
      resolvedAt: null,
      rejection: null,
    });
    const read = async (id: string) => expected(await call("GET", `${PATH}/${id}`), 200);
    assert.deepEqual(await read(request.id), request);
    const again = await ask(call, number);
    assertProblem(again, 409, "RELEASE_ALREADY_PENDING");
    assert.equal(again.json.releaseRequest, request.id);
    await app.advance(60);
    const reason = { reason: "It is still in the contract." };
    await app.admin("POST", `/admin/release-requests/${request.id}/reject`, reason);
    assert.deepEqual(await read(request.id), {
      ...request,
      status: "rejected",
      resolvedAt: "2026-01-31T10:01:00Z",
      rejection: reason.reason,
    });
    const next = expected(await ask(call, number), 201);
    await app.admin("POST", `/admin/release-requests/${next.id}/approve`);
    assert.equal((await read(next.id)).status, "approved");
    assertProblem(await call("DELETE", `${PATH}/${next.id}`), 409, "RELEASE_REQUEST_RESOLVED");
    await app.advance(1);
    assertProblem(await call("GET", `/ledger/numbers/${number}`), 404, "NUMBER_UNKNOWN");
  }));

test("a release request is cancelled by its own organization, and the number stays", () =>
  withTeam(async ({ app, call }) => {
    const { id: number } = await bought(call, "+14155550101");
    const request = expected(await ask(call, number), 201);
    const other = userOf(app, await app.organization("team_2"));
    for (const method of ["GET", "DELETE"]) {
      for (const id of [request.id, ABSENT, "constructor"]) {
        assertProblem(await other(method, `${PATH}/${id}`), 404, "RELEASE_REQUEST_UNKNOWN");
      }
    }
    assertProblem(await ask(other, number), 404, "NUMBER_UNKNOWN");
    const cancelled = expected(await call("DELETE", `${PATH}/${request.id}`), 200);
    assert.deepEqual(cancelled, {
      ...request,
      status: "cancelled",
      resolvedAt: "2026-01-31T10:00:00Z",
    });
    assertProblem(await call("DELETE", `${PATH}/${request.id}`), 409, "RELEASE_REQUEST_RESOLVED");
    assert.equal((await call("GET", `/ledger/numbers/${number}`)).json.status, "active");
    assert.deepEqual((await other("GET", PATH)).json, { releaseRequests: [], next: null });
  }));

test("a number that an assistant has is not asked to be released, and a repeated key asks once", () =>
  withTeam(async ({ call }) => {
    const { id: number } = await bought(call, "+14155550101", { assistant: "agent_1" });
    const inUse = await ask(call, number);
    assertProblem(inUse, 409, "NUMBER_IN_USE");
    await call("PATCH", `/ledger/numbers/${number}`, { body: { assistant: null } });
    const asked = { body: { number, reason: REASON }, headers: { "idempotency-key": "r-1" } };
    const request = expected(await call("POST", PATH, asked), 201);
    const again = await call("POST", PATH, asked);
    assert.deepEqual(expected(again, 201), request);
    assert.equal(again.headers.get("idempotency-replayed"), "true");
    assert.equal((await call("GET", PATH)).json.releaseRequests.length, 1);
    await assertRefusedByField(call, "POST", PATH, [
      [{ reason: REASON }, "number"],
      [{ number }, "reason"],
      [{ number, reason: " " }, "reason"],
      [{ number, reason: "x".repeat(501) }, "reason"],
      [{ number: "", reason: REASON }, "number"],
      [{ number, reason: REASON, phoneNumber: number }, "phoneNumber"],
    ]);
  }));

test("release requests come in pages by status, the newest first", () =>
  withTeam(async ({ app, call }) => {
    const { id: number } = await bought(call, "+14155550101");
    const made: string[] = [];
    for (let turn = 0; turn < 5; turn += 1) {
      await app.advance(1);
      const { id } = expected(await ask(call, number), 201);
      made.unshift(id);
      if (turn < 4) expected(await call("DELETE", `${PATH}/${id}`), 200);
    }
    const pages = async (query: string): Promise<readonly string[]> => {
      const ids: string[] = [];
      for (let after = "";;) {
        const page = expected(await call("GET", `${PATH}?${query}${after}`), 200);
        ids.push(...page.releaseRequests.map(({ id }: { id: string }) => id));
        if (page.next === null) return ids;
        after = `&after=${page.next}`;
      }
    };
    for (const limit of [1, 2, 5, 100]) assert.deepEqual(await pages(`limit=${limit}`), made);
    assert.deepEqual(await pages("status=pending"), made.slice(0, 1));
    assert.deepEqual(await pages("status=cancelled&limit=3"), made.slice(1));
    assert.deepEqual(await pages("status=approved&limit=1"), []);
    for (const query of ["limit=0", "limit=101", "status=open", `after=${ABSENT}`]) {
      const answer = await call("GET", `${PATH}?${query}`);
      assertProblem(answer, 400, "VALIDATION_ERROR");
      assert.deepEqual(Object.keys(answer.json.errors), [query.split("=")[0]]);
    }
  }));

const VERIFICATION = "/ledger/verification";
const EMPTY = { status: "missing", submission: null, prefill: null };

test("a verification is drafted member by member, submitted, rejected and begun again", () =>
  withTeam(async ({ app, call }) => {
    const read = async () => expected(await call("GET", VERIFICATION), 200);
    const draft = async (body: unknown) =>
      expected(await call("PUT", `${VERIFICATION}/draft`, { body }), 200);
    assert.deepEqual(await read(), EMPTY);
    const first = await draft({ businessProfile: { legalName: "Acme", country: "de" } });
    assert.deepEqual(
      [first.status, first.businessProfile.legalName, first.businessProfile.country],
      ["draft", "Acme", "DE"],
    );
    const second = await draft({ authorizedRepresentative: { name: "Ada" } });
    assert.deepEqual([second.id, second.businessProfile.legalName], [first.id, "Acme"]);
    assert.equal(
      (await draft({ businessProfile: { legalName: null } })).businessProfile.legalName,
      null,
    );
    const lacking = await call("POST", `${VERIFICATION}/submit`, {
      body: {
        businessProfile: { ...BUSINESS.businessProfile, legalName: "" },
        authorizedRepresentative: { name: "Ada" },
        attestationAccepted: true,
      },
    });
    assertProblem(lacking, 422, "VERIFICATION_INCOMPLETE");
    assert.deepEqual(Object.keys(lacking.json.errors), [
      "businessProfile.legalName",
      "authorizedRepresentative.title",
      "authorizedRepresentative.email",
    ]);
    await app.advance(60);
    const submitted = expected(
      await call("POST", `${VERIFICATION}/submit`, { body: BUSINESS }),
      200,
    );
    assert.deepEqual(submitted, {
      id: first.id,
      status: "submitted",
      ...BUSINESS,
      attestedAt: "2026-01-31T10:01:00Z",
      submittedAt: "2026-01-31T10:01:00Z",
      submittedBy: "alice@example.com",
      reviewedAt: null,
      reason: null,
      createdAt: "2026-01-31T10:00:00Z",
      updatedAt: "2026-01-31T10:01:00Z",
    });
    assert.deepEqual(await read(), { status: "submitted", submission: submitted, prefill: null });
    const locked = await call("PUT", `${VERIFICATION}/draft`, { body: {} });
    assertProblem(locked, 409, "VERIFICATION_LOCKED");
    const reason = { reason: "The register has another name." };
    await app.admin("POST", `/admin/verifications/${first.id}/reject`, reason);
    const { status, submission, prefill } = await read();
    assert.deepEqual(
      [status, submission.reason, submission.reviewedAt],
      ["rejected", reason.reason, "2026-01-31T10:01:00Z"],
    );
    const { attestationAccepted: _attested, ...said } = BUSINESS;
    assert.deepEqual(prefill, said);
    const other = userOf(app, await app.organization("team_2"));
    assert.deepEqual(expected(await other("GET", VERIFICATION), 200), EMPTY);
  }));

test("a verification refuses members that it does not have, and files nothing then", () =>
  withTeam(async ({ call }) => {
    const { businessProfile } = BUSINESS;
    await assertRefusedByField(call, "PUT", `${VERIFICATION}/draft`, [
      [{ businessprofile: {} }, "businessprofile"],
      [{ businessProfile: { legalname: "Acme" } }, "businessProfile.legalname"],
      [{ businessProfile: { website: "acme" } }, "businessProfile.website"],
      [{ businessProfile: { country: "ZZ" } }, "businessProfile.country"],
      [{ businessProfile: { address: { town: "Bonn" } } }, "businessProfile.address.town"],
      [{ authorizedRepresentative: { email: "ada@" } }, "authorizedRepresentative.email"],
      [{ authorizedRepresentative: [] }, "authorizedRepresentative"],
      [{ attestationAccepted: "yes" }, "attestationAccepted"],
    ]);
    await assertRefusedByField(call, "POST", `${VERIFICATION}/submit`, [
      [{ ...BUSINESS, attestationAccepted: false }, "attestationAccepted"],
      [{ businessProfile, attestationAccepted: true }, "authorizedRepresentative"],
      [{ ...BUSINESS, organizationId: "team_2" }, "organizationId"],
    ]);
    assert.deepEqual(expected(await call("GET", VERIFICATION), 200), EMPTY);
  }));

test("so many drafts are taken within a day, and the next one says when it may come", () =>
  withTeam(async ({ call }) => {
    let answer = await call("PUT", `${VERIFICATION}/draft`, { body: {} });
    for (let turn = 0; turn < 1_000 && answer.status === 200; turn += 1) {
      const body = { businessProfile: { legalName: `Acme ${turn}` } };
      answer = await call("PUT", `${VERIFICATION}/draft`, { body });
    }
    assertProblem(answer, 429, "DAILY_LIMIT_REACHED");
    assert.equal(answer.headers.get("retry-after"), String(24 * 3_600));
  }));
