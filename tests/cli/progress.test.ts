import assert from "node:assert/strict";
import { test } from "node:test";
import { lineOf, openMeter } from "../../adapters/cli/progress.ts";

const at = (events: number, of = 1_000_000) => ({ events, of, organizations: 1 });

test("lineOf() shows the share, the rate and the time left", () => {
  assert.equal(
    lineOf(at(250_000), 2_000),
    "██████░░░░░░░░░░░░░░░░░░  25 %  250,000 of 1,000,000 events  125,000/s  6 s left",
  );
  assert.match(lineOf(at(1_000), 1_000), /  1,000\/s  16 min 39 s left$/);
  assert.match(lineOf(at(100), 1_000), /  100\/s  2 h 46 min left$/);
});

test("lineOf() is sure of nothing before anything is read, and after all is", () => {
  assert.match(lineOf(at(0), 0), /^░{24}   0 %  0 of 1,000,000 events  0\/s  time left unknown$/);
  assert.match(lineOf(at(1_000_500), 8_000), /^█{24} 100 % .* catching up$/);
  assert.match(lineOf(at(0, 0), 0), /^█{24} 100 %  0 of 0 events  0\/s  catching up$/);
});

const meterOn = (isTTY: boolean) => {
  const written: string[] = [];
  let now_ms = 0;
  const output = { isTTY, write: (text: string) => written.push(text) };
  const meter = openMeter(output, () => now_ms);
  const show = (after_ms: number): void => {
    now_ms += after_ms;
    meter.show(at(now_ms));
  };
  return { written, show, end: meter.end };
};

test("openMeter() draws one line again and again on a terminal, and wipes it", () => {
  const { written, show, end } = meterOn(true);
  for (const after_ms of [50, 50, 99, 1]) show(after_ms);
  assert.equal(written.length, 2);
  assert.ok(written.every((text) => text.startsWith("\r") && !text.includes("\n")));
  end();
  assert.equal(written[2], "\r\x1b[K");
});

test("openMeter() writes a line every five seconds where nobody sees a bar", () => {
  const { written, show, end } = meterOn(false);
  for (let second = 0; second < 11; second++) show(1_000);
  end();
  assert.equal(written.length, 2);
  assert.ok(written.every((text) => text.endsWith(" left\n")));
});
