import { describe, expect, test } from '@jest/globals';
import { columnBlocks } from './html-table.ts';

const columns = (...counts: readonly number[]): { group: string; head: string; added: boolean }[] =>
  counts.flatMap((count, set) =>
    Array.from({ length: count }, (_, at) => ({ group: `set ${set}`, head: `score ${at}`, added: false })),
  );
const lengths = (...counts: readonly number[]): number[] =>
  columnBlocks(columns(...counts)).map(({ from, to }) => to - from);

describe('columnBlocks', () => {
  test.each([
    [[4, 4], [8]],
    [
      [4, 4, 4, 3, 4],
      [8, 7, 4],
    ],
    // Too many of one data set: divided evenly, beside nothing that would not fit.
    [
      [12, 4],
      [6, 6, 4],
    ],
    [[9], [5, 4]],
    [[], []],
  ])('no block is wider than a page, data sets stay whole where they fit: %p', (counts, expected) => {
    expect(lengths(...counts)).toEqual(expected);
  });

  test('every column is in one block, in order', () => {
    const blocks = columnBlocks(columns(3, 17, 2, 8));
    expect(blocks.map(({ from }) => from)).toEqual([0, ...blocks.slice(0, -1).map(({ to }) => to)]);
    expect(blocks.at(-1)?.to).toBe(30);
  });
});
