/** Joins texts to blocks of at least `size` characters, so that few large pieces are written rather than many small ones. */
export async function* inBlocks(
  texts: AsyncIterable<string> | Iterable<string>,
  size = 2 ** 16,
): AsyncGenerator<string> {
  let block: string[] = [];
  let length = 0;
  for await (const text of texts) {
    block.push(text);
    length += text.length;
    if (length < size) continue;
    yield block.join('');
    [block, length] = [[], 0];
  }
  if (length > 0) yield block.join('');
}
