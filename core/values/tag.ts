/**
 * Classes whose objects every copy of this package recognizes. A process can have several copies:
 * two versions among its dependencies, or one bundled and one not. Each has its own classes, so
 * `instanceof` alone would not recognize those of another copy.
 */

type Class = abstract new (...given: never[]) => object;

const ownInstance = Function.prototype[Symbol.hasInstance];

/**
 * Has `instanceof` recognize a class's objects by a tag, which is the same in every copy. To be
 * called in the class's static block. A subclass without a tag recognizes only its own objects.
 */
export const tag = (type: Class, name: string): void => {
  const key = Symbol.for(`ledgerline/${name}`);
  Object.defineProperty(type.prototype, key, { value: true });
  Object.defineProperty(type, Symbol.hasInstance, {
    value(this: Class, value: unknown): boolean {
      if (this !== type) return ownInstance.call(this, value);
      return typeof value === "object" && value !== null && key in value;
    },
  });
};
