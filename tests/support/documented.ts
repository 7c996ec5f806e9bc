/** Every answer that a test receives is held against the OpenAPI documents. */
import assert from "node:assert/strict";
import { APIS } from "../../http/openapi/apis.ts";
import { documentOf } from "../../http/openapi/document.ts";
import { eventFaults } from "./events-document.ts";
import { openDocument } from "./openapi.ts";

type Exchange = {
  readonly method: string;
  readonly path: string;
  /** What was sent: an object as JSON, a text as it is. */
  readonly body?: unknown;
  readonly answer: {
    readonly status: number;
    readonly json: unknown;
    readonly headers: Headers;
  };
};

/** What the frame answers before a call is known, or whichever it is. */
const OF_THE_FRAME: readonly number[] = [405, 414, 417, 431];

let documents: readonly ReturnType<typeof openDocument>[] | undefined;

const parsed = (body: unknown): unknown => {
  if (typeof body !== "string") return body;
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
};

/** Asserts that the events of a page of the feed are as the AsyncAPI document says. */
const assertEvents = (json: unknown): void => {
  const { events } = json as { readonly events: readonly { readonly type: string }[] };
  // In another envelope there is another form.
  for (const event of events) {
    if (!("specversion" in event)) assert.deepEqual(eventFaults(event), [], event.type);
  }
};

/** Asserts that an answer, and a body that was accepted, are as the documents say. */
export const assertDocumented = ({ method, path, body, answer }: Exchange): void => {
  documents ??= Object.values(APIS).map((api) => openDocument(documentOf(api, "0")));
  const document = documents.find(({ has }) => has(method, path));
  if (document === undefined || OF_THE_FRAME.includes(answer.status)) return;
  const { status, json, headers } = answer;
  const type = headers.get("content-type");
  const faults = document.answerFaults(method, path, { status, type, body: json });
  if (faults.length > 0) {
    assert.deepEqual(faults, [], `${method} ${path}: ${status} ${JSON.stringify(json)}`);
  }
  const strange = document.strangeHeaders(method, path, answer);
  if (strange.length > 0) assert.deepEqual(strange, [], `${method} ${path}: ${status}`);
  assert.match(headers.get("x-request-id") ?? "", /./);
  const isPage = status === 200 && json !== null && path.startsWith("/ledger/events");
  if (isPage) assertEvents(json);
  const sent = parsed(body);
  if (status >= 300 || sent === undefined) return;
  const unlike = document.bodyFaults(method, path, sent);
  if (unlike.length > 0) {
    assert.deepEqual(unlike, [], `${method} ${path} took ${JSON.stringify(sent)}`);
  }
};
