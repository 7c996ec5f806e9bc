/** Objects are known by their tag, whichever copy of the package made them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Unavailable } from "../../core/log/unavailable.ts";
import { tag } from "../../core/values/tag.ts";

/** A separate class, as in each copy of the package. */
const makeCopy = () => {
  class Parent extends Error {
    static {
      tag(this, "test/Parent");
    }
  }
  class Child extends Parent {
    static {
      tag(this, "test/Child");
    }
  }
  class Untagged extends Parent {}
  return { Parent, Child, Untagged };
};

const [ours, theirs] = [makeCopy(), makeCopy()];

test("an object of another copy is an instance of the class and of those above it", () => {
  assert.ok(new theirs.Parent() instanceof ours.Parent);
  assert.ok(new theirs.Child() instanceof ours.Child);
  assert.ok(new theirs.Child() instanceof ours.Parent);
  assert.ok(new theirs.Untagged() instanceof ours.Parent);
  assert.ok(new theirs.Parent() instanceof Error);
});

test("an object of a parent is not an instance of a subclass, with a tag or without", () => {
  assert.ok(!(new ours.Parent() instanceof ours.Child));
  assert.ok(!(new ours.Parent() instanceof ours.Untagged));
  assert.ok(!(new ours.Child() instanceof ours.Untagged));
  assert.ok(new ours.Untagged() instanceof ours.Untagged);
  assert.ok(!(new theirs.Untagged() instanceof ours.Untagged));
});

test("nothing else is an instance", () => {
  for (const other of [null, undefined, 0, "Parent", () => {}, {}, new Error("Parent"), []]) {
    const known: unknown = other;
    assert.ok(!(known instanceof ours.Parent), String(other));
  }
});

test("the tag is seen nowhere but by the class", () => {
  const error = new ours.Child("why");
  assert.deepEqual(Object.keys(error), []);
  assert.equal(JSON.stringify(error), "{}");
});

test("error of an unavailable log has its class as its name, and the reason where one is known", () => {
  const error = new Unavailable("It is stopped.", undefined, "read-only");
  assert.deepEqual([error.name, error.message, error.reason], [
    "Unavailable",
    "It is stopped.",
    "read-only",
  ]);
  assert.equal(new Unavailable("It is stopped.").reason, null);
});
