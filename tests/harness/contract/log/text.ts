import assert from "node:assert/strict";
import { EMPTY_HEAD, verifyChain } from "../../../../core/log/chain.ts";
import type { Actor } from "../../../../core/values/identity.ts";
import { digest } from "../../../../adapters/log/digest.ts";
import { appended, appendTo, eventsIn, newNumber, rowOf, type TheLog } from "./support.ts";
import type { Test } from "../../runner.ts";

const MAX_CODE_POINT = 0x10ffff;
const IN_A_TEXT = 2_048;
const IN_AN_APPEND = 32;

/** Every character of Unicode but NUL, which no log takes, in texts of some thousand. */
const allTexts = (): readonly string[] => {
  const texts: string[] = [];
  let text = "";
  for (let point = 1; point <= MAX_CODE_POINT; point += 1) {
    // Half of a surrogate pair is not a character.
    if (point < 0xd800 || point > 0xdfff) text += String.fromCodePoint(point);
    if (point % IN_A_TEXT !== IN_A_TEXT - 1 || text === "") continue;
    texts.push(text);
    text = "";
  }
  return texts;
};

/** What decoders, databases and comparisons are known to drop, fold, trim or escape. */
const SPECIAL: Readonly<Record<string, string>> = {
  "a byte order mark": "\ufeff",
  "two byte order marks": "\ufeff\ufeff",
  "its mirror image": "\ufffe",
  "the replacement character": "\ufffd",
  "noncharacters": "\uffff\ufdd0\u{1fffe}\u{10ffff}",
  "a composed letter": "\u00e9",
  "the same letter decomposed": "e\u0301",
  "a sign that is normalized to a letter": "\u212b",
  "marks in another order": "q\u0307\u0323",
  "zero width characters": "\u200b\u200c\u200d\u2060",
  "directions": "\u202e\u2066\u200f\u061c\u2069",
  "spaces": " \u00a0\u2003\u3000\u1680",
  "line ends": "\r\n\u0085\u2028\u2029",
  "the first controls": "\u0001\u001b\u007f\u0080",
  "quotes and escapes": "\"'\\{}()[],;$1%_?:",
  "letters that fold in surprising ways": "\u0130\u0131\u00df\u03c2",
  "a person of several characters": "\u{1f469}\u{1f3fd}\u200d\u{1f4bb}",
  "the first and last of the other planes": "\u{10000}\u{fffff}",
  "a tag": "\u{e0001}\u{e007f}",
};

const actorOf = (text: string): Actor => ({ kind: "user", tokenId: text, email: text, name: text });

const keepsTexts = (test: Test, theLog: TheLog): void => {
  test("every character of Unicode comes back as it was given", async () => {
    const log = theLog();
    const organization = `text-${crypto.randomUUID()}`;
    const texts = allTexts();
    for (let at = 0; at < texts.length; at += IN_AN_APPEND) {
      const events = texts.slice(at, at + IN_AN_APPEND)
        .map((text) => ({
          type: "Tested",
          version: 1,
          data: { text, [text.slice(0, 64)]: "key" },
        }));
      const rows = [rowOf("row", texts.slice(at, at + IN_AN_APPEND))];
      await appended(log, appendTo(organization, { expected: "any", events, rows }));
      const { rows: [row] } = await log.load(organization, { kinds: ["number"] });
      assert.deepEqual(row?.data, rows[0]?.data);
    }
    const events = await eventsIn(log, organization);
    assert.equal(events.length, texts.length);
    for (const [index, text] of texts.entries()) {
      const data = events[index]?.data as { readonly text: string };
      assert.ok(data.text === text, `the text from U+${text.codePointAt(0)?.toString(16)} changed`);
      assert.deepEqual(Object.keys(data).toSorted(), ["text", text.slice(0, 64)].toSorted());
    }
    assert.ok(verifyChain(events, EMPTY_HEAD, digest).ok);
  });
};

const keepsIds = (test: Test, theLog: TheLog): void => {
  for (const [name, text] of Object.entries(SPECIAL)) {
    test(`an id keeps ${name} in any position`, async () => {
      const log = theLog();
      for (const place of [(id: string) => text + id, (id: string) => id + text]) {
        const organization = place(`org-${crypto.randomUUID()}`);
        const [key, id, holder, automation] = ["key", "command", "holder", "automation"].map(place);
        assert.ok(key !== undefined && id !== undefined && holder !== undefined);
        assert.ok(automation !== undefined);
        const e164 = newNumber();
        const row = { ...rowOf(key, { text }, text), work: { automation, due: 2 ** 45 } };
        const command = { id, fingerprint: "f" };
        const { head } = await appended(
          log,
          appendTo(organization, {
            actor: actorOf(text),
            events: [{ type: "Tested", version: 1, data: { text } }],
            rows: [row],
            claims: [{ key: e164, holder }],
            command,
          }),
        );
        const loaded = await log.load(organization, {
          rows: [row],
          kinds: [text],
          claims: [e164],
          commands: [id],
        });
        assert.deepEqual(loaded.head, head);
        assert.deepEqual(loaded.rows, [row]);
        assert.deepEqual(loaded.claims, [{ key: e164, organization, holder }]);
        assert.equal(loaded.commands[0]?.fingerprint, "f");
        const [event] = await eventsIn(log, organization);
        assert.equal(event?.organization, organization);
        assert.deepEqual(event?.actor, actorOf(text));
        assert.deepEqual(event?.data, { text });
        const due = await log.due(2 ** 45, 100_000);
        const listed = due.find((item) => item.organization === organization);
        assert.deepEqual([listed?.kind, listed?.key, listed?.automation], [text, key, automation]);
        await appended(
          log,
          appendTo(organization, { expected: head, removed: [row] }),
        );
      }
    });
  }

  test("ids that look the same are not the same to a log", async () => {
    const log = theLog();
    const id = crypto.randomUUID();
    const forms = ["\u00e9", "e\u0301", "\ufeff\u00e9", "\u00e9\ufeff", "\u00e9 ", "\u00c9"];
    const organizations = forms.map((form) => `${form}${id}`);
    for (const organization of organizations) await appended(log, appendTo(organization));
    for (const organization of organizations) {
      const events = await eventsIn(log, organization);
      assert.deepEqual(events.map(({ data }) => data), [{ organization }]);
    }
  });
};

/** What is given comes back bit for bit, in data and in every kind of id. */
export const keepingText = (test: Test, theLog: TheLog): void => {
  keepsTexts(test, theLog);
  keepsIds(test, theLog);
};
