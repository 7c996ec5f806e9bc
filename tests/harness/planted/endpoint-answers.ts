/** What an endpoint in memory answers for each behaviour of the contract of senders. */
import type { EndpointBehaviour } from "../contract/webhook-endpoints.ts";
import type { FakeAnswer } from "../fake-endpoints.ts";

export const ANSWERS: Readonly<Record<EndpointBehaviour, FakeAnswer>> = {
  accepts: { status: 200, body: "taken" },
  refuses: 500,
  hasGone: 410,
  asksForLess: { status: 429, headers: { "Retry-After": "7" } },
  asksForDays: { status: 503, headers: { "Retry-After": "9999999" } },
  redirects: "redirects",
  confuses: {
    status: 200,
    body: Uint8Array.of(0x41, 0x1b, 0x5b, 0x33, 0x31, 0x6d, 0xff, 0x0a, 0xe2, 0x80, 0xae, 0x42),
  },
  neverEnds: { status: 200, body: "x".repeat(10_000) },
  drips: { status: 200, body: "xxx" },
  breaksOff: { status: 200, body: "tak" },
  isSilent: "hangs",
  dripsHeaders: { status: 200, lateMs: 60_000 },
  losesAnswer: "drops",
  hasHugeHeaders: { fails: "ANSWER_INVALID" },
  speaksNonsense: { fails: "ANSWER_INVALID" },
  isUnreachable: { fails: "UNREACHABLE" },
  isUntrusted: { fails: "TLS_FAILED" },
};
