/** The first of each generator, then the second of each, and so on, until all have ended. */
export function* interleaved<Item>(generators: readonly Generator<Item>[]): Generator<Item> {
  for (let open = generators; open.length > 0;) {
    const still: Generator<Item>[] = [];
    for (const generator of open) {
      const next = generator.next();
      if (next.done === true) continue;
      still.push(generator);
      yield next.value;
    }
    open = still;
  }
}
