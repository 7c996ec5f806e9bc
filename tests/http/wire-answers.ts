/** What the dialects answer when something is refused, as their code says it. */
import { readdirSync, readFileSync } from "node:fs";
import * as admin from "../../http/admin/refusals.ts";
import type { Dialect, Failure } from "../../http/dialect.ts";
import { DIALECTS } from "../../http/dialects.ts";
import * as ledger from "../../http/ledger/refusals.ts";
import * as speko from "../../http/speko/failures.ts";
import * as talkover from "../../http/talkover/refusals.ts";
import * as talkturo from "../../http/talkturo/refusals.ts";

const ROOT = new URL("../../", import.meta.url);

/** The sources of a folder as one text, of those whose path in it fits. */
const sourceOf = (folder: string, fits: (path: string) => boolean = () => true): string =>
  readdirSync(new URL(folder, ROOT), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts") && fits(path)).toSorted()
    .map((path) => readFileSync(new URL(`${folder}${path}`, ROOT), "utf8"))
    .join("\n");

/** How an answer is written: the status, and the code that is in its body, if any. */
export const written = (status: number | string, code: string | undefined): string =>
  `${status} ${code ?? "without a code"}`;

const wireOf = ({ encodeFailure }: Dialect, failure: Failure): string => {
  const { body } = encodeFailure(failure, "en");
  return written(failure.status, (body as { readonly code?: string }).code);
};

type Refuse = (refusal: never) => Failure | { readonly ok: boolean; readonly error?: Failure };

/** All that makes a failure out of a refusal of the ledger. */
const REFUSE: Readonly<Record<Dialect["name"], readonly Refuse[]>> = {
  talkturo: [talkturo.refused, talkturo.purchaseRefused, talkturo.searchRefused],
  talkover: [
    (refusal) => talkover.refused(refusal, "en"),
    (refusal) => talkover.didRefused(refusal, "en"),
  ],
  speko: [speko.failureOf],
  ledger: [ledger.refused],
  admin: [admin.refused, admin.unreconciled],
};

/** The failure for this code; undefined where it is none that the function knows. */
const failureFor = (refuse: Refuse, code: string): Failure | undefined => {
  try {
    const made = refuse({ code, message: "" } as never);
    const failure = "ok" in made ? made.error : made;
    return failure?.status === undefined ? undefined : failure;
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
};

/** The failures that are written out in a source, as their status and code. */
const literalsIn = (source: string): readonly Pick<Failure, "status" | "code">[] =>
  [...source.matchAll(/\bstatus: ([45]\d\d),(?:\s*code: "(\w+)")?/g)]
    .map(([, status, code = "?"]) => ({ status: Number(status) as Failure["status"], code }));

/** Every code is written out somewhere: the tables of the dialects are typed by it. */
const WORDS = [...new Set(sourceOf("http/").match(/\b[A-Z]+(?:_[A-Z]+)*\b/g))];

/** What a field that does not fit is answered. */
const invalidOf = (dialect: Dialect): string =>
  wireOf(dialect, dialect.invalid({ field: ["is invalid"] }, "en"));

const answersOf = (dialect: Dialect): readonly string[] => {
  const { name } = dialect;
  const refused = WORDS.flatMap((code) =>
    REFUSE[name].flatMap((refuse) => failureFor(refuse, code) ?? [])
      .map((failure) => ({ code, wire: wireOf(dialect, failure) }))
  );
  if (name === "speko") {
    refused.push({
      code: "VERIFICATION_INCOMPLETE",
      wire: wireOf(dialect, speko.incomplete({ field: ["is required"] })),
    });
  }
  // What a route refuses without the ledger has the code that is answered.
  const known = new Set(refused.map(({ wire }) => wire));
  const own = literalsIn(sourceOf(`http/${name}/`))
    .filter(({ code }) => code !== "VALIDATION_ERROR")
    .map(({ status, code }) => ({ code, wire: written(status, code) }))
    .filter(({ wire }) => !known.has(wire));
  return [...refused, ...own].map(({ code, wire }) => `${code} ${name} ${wire}`);
};

/** Each refusal that a dialect can answer: `CODE dialect 409 CODE_ON_THE_WIRE`. */
export const REFUSALS: readonly string[] = [...new Set(DIALECTS.flatMap(answersOf))].toSorted();

const isOfWebhooks = ({ code }: Pick<Failure, "code">): boolean => code.startsWith("WEBHOOK_");

const OUTSIDE = literalsIn(
  sourceOf("http/", (path) => !path.includes("/")) + sourceOf("adapters/runtimes/"),
);

/** What webhooks alone are answered. */
export const WEBHOOKS: readonly string[] = OUTSIDE.filter(isOfWebhooks)
  .map(({ status, code }) => written(status, code)).toSorted();

/** `404 NOT_FOUND`, and what of it is otherwise in which dialect. */
const inAll = (wires: ReadonlyMap<Dialect["name"], string>): string => {
  const usual = wires.get("ledger") ?? "";
  const others = [...wires].filter(([, wire]) => wire !== usual);
  return [usual, ...others.map(([name, wire]) => `${name} ${wire}`)].join(", ");
};

/** Each failure that any call can be answered: `404 NOT_FOUND`, and how dialects differ in it. */
export const OF_ANY_CALL: readonly string[] = [
  ...new Set([
    inAll(new Map(DIALECTS.map((dialect) => [dialect.name, invalidOf(dialect)]))),
    ...OUTSIDE.filter((literal) => !isOfWebhooks(literal)).map((literal) =>
      inAll(
        new Map(
          DIALECTS.map((dialect) => [dialect.name, wireOf(dialect, { ...literal, message: "" })]),
        ),
      )
    ),
  ]),
].toSorted();
