import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { DataError } from '@pffnet/structures';
import type { Assembler } from 'stream-json/assembler.js';
import type { Token } from 'stream-json/parser.js';
import { readFailure } from '../files/read-failure.ts';

/** An element of one of the lists of a JSON file. */
export interface JsonItem {
  /** The list's key in the top-level object; the empty text when the file itself is a list. */
  readonly list: string;
  /** Its number in the list. */
  readonly index: number;
  readonly value: unknown;
}

const deepest = 64;
/** The longest element, in characters; a polygon of a million corners has about twelve million. */
const longest = 2 ** 28;

/**
 * Reads the lists of a JSON file element by element, in the order of the file, so that files larger than memory can be
 * read; all else is skipped.
 * @param lists - keys of the top-level object; the empty text stands for a file that is a list itself.
 * @throws DataError if the file is missing, no JSON, cut off, has none of the lists, is nested more than 64 deep, or has an element of more than
 * 2^28 characters: not more than one element is in memory.
 */
export async function* jsonItems(path: string, lists: readonly string[], expected: string): AsyncGenerator<JsonItem> {
  // Its fifty modules take longer to load than a label map to score, and few commands read JSON.
  const { withParser } = await import('stream-json/utils/with-parser.js');
  const { Assembler: JsonAssembler } = await import('stream-json/assembler.js');
  const progress = { items: 0, lists: 0 };
  const source = createReadStream(path, 'utf8');
  // The types ask for a mark that only functions with something to flush need.
  const read = itemReader(new JsonAssembler(), progress, lists, path, expected) as ReturnType<
    Parameters<typeof withParser.asStream>[0]
  >;
  const parser = withParser.asStream(() => read, { streamValues: false });
  const fed = pipeline(source, (chunks) => limited(chunks, progress, path, expected), parser).catch(() => undefined);
  try {
    for await (const item of parser) yield item as JsonItem;
    if (progress.lists === 0) throw new DataError(`${path} has no list of ${lists[0]}; ${expected}; export it again`);
  } catch (error) {
    throw readFailure(path, error, expected);
  } finally {
    source.destroy();
    parser.destroy();
    await fed;
  }
}

/** Refuses text that goes on without end before an element ends. */
async function* limited(
  chunks: AsyncIterable<string>,
  progress: { readonly items: number },
  path: string,
  expected: string,
): AsyncGenerator<string> {
  let [items, characters] = [0, 0];
  for await (const chunk of chunks) {
    if (progress.items !== items) [items, characters] = [progress.items, 0];
    characters += chunk.length;
    if (characters > longest) {
      throw new DataError(`${path} has an element of more than ${longest} characters; ${expected}; export it again`);
    }
    yield chunk;
  }
}

/** Puts tokens together to elements of the top-level lists. */
function itemReader(
  assembler: Assembler,
  progress: { items: number; lists: number },
  lists: readonly string[],
  path: string,
  expected: string,
): (token: Token) => JsonItem | undefined {
  let depth = 0;
  let key = '';
  let list: { name: string; depth: number; index: number; wanted: boolean } | undefined;
  return (token) => {
    const { name } = token;
    if (name === 'startObject' || name === 'startArray') depth++;
    if (name === 'endObject' || name === 'endArray') depth--;
    if (depth > deepest)
      throw new DataError(`${path} is nested more than ${deepest} deep; ${expected}; export it again`);
    if (list === undefined) {
      if (name === 'keyValue' && depth === 1) key = token.value;
      // The file is a list, or an object with lists.
      if (name === 'startArray' && (depth === 1 || depth === 2)) {
        const wanted = lists.includes(depth === 1 ? '' : key);
        if (wanted) progress.lists++;
        list = { name: depth === 1 ? '' : key, depth, index: 0, wanted };
      }
      return undefined;
    }
    if (depth < list.depth) {
      list = undefined;
      return undefined;
    }
    if (list.wanted) assembler.consume(token);
    if (depth > list.depth) return undefined;
    progress.items++;
    if (!list.wanted) return undefined;
    return { list: list.name, index: list.index++, value: assembler.current };
  };
}
