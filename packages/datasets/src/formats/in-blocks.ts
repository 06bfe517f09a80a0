/** Characters of a block. */
const size = 2 ** 16;

/**
 * Writes items as texts joined to blocks, so that few large pieces are written rather than many small ones. Items that are
 * there already are taken without waiting for each.
 */
export async function* inBlocks<Item>(
  items: Iterable<Item> | AsyncIterable<Item>,
  textOf: (item: Item) => string,
): AsyncGenerator<string> {
  let block = '';
  if (Symbol.iterator in items) {
    for (const item of items) {
      block += textOf(item);
      if (block.length < size) continue;
      yield block;
      block = '';
    }
  } else {
    for await (const item of items) {
      block += textOf(item);
      if (block.length < size) continue;
      yield block;
      block = '';
    }
  }
  if (block !== '') yield block;
}
