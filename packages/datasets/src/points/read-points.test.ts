import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { DataError } from '@pffnet/structures';
import { readPoints } from './read-points.ts';

const folder = mkdtempSync(join(tmpdir(), 'pffnet-points-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

describe('readPoints', () => {
  test.each([
    ['a table, whatever else it holds', 'a.csv', 'name,X,Y\nfirst,30,12.5\nsecond,2,1\n'],
    ['the points of napari', 'b.csv', 'index,axis-0,axis-1\n0,12,29.5\n1,0.5,1.5\n'],
    ['a list of objects', 'c.json', '[{ "y": 12.5, "x": 30 }, { "x": 2, "y": 1 }]'],
    ['a list of pairs', 'd.json', '[[12.5, 30], [1, 2]]'],
  ])('reads %s', async (_, name, text) => {
    expect(await readPoints(file(name, text))).toEqual([
      { y: 12.5, x: 30 },
      { y: 1, x: 2 },
    ]);
  });

  test.each([
    ['none.csv', 'y,x\n', ' holds no point; expected the y and x of at least one; add it'],
    ['empty.csv', '', ' holds no point; expected the y and x of at least one; add it'],
    ['none.json', '[]', ' holds no point; expected the y and x of at least one; add it'],
    [
      'columns.csv',
      'row,col\n1,2\n',
      ' has no columns y and x; its columns are row, col; name those in pixels y and x (or axis-0 and axis-1)',
    ],
    ['words.csv', 'y,x\n1,2\nfoo,3\n', ': point 2: y is "foo"; expected a number of pixels'],
    ['short.json', '[[1]]', ': point 1: x is missing; expected a number of pixels'],
    ['null.json', '[null]', ': point 1: y is missing; expected a number of pixels'],
    ['word.json', '["1,2"]', ': point 1: y is missing; expected a number of pixels'],
    ['object.json', '{}', ' holds no list; expected [{ "y": 12, "x": 30 }] or [[12, 30]]'],
  ])('refuses %s', async (name, text, line) => {
    const path = file(name, text);
    await expect(readPoints(path)).rejects.toThrow(new DataError(`${path}${line}`));
  });

  test('says which file is missing, and which is no JSON or no table', async () => {
    const expected = 'expected points, a CSV table with columns y and x, or JSON such as [{ "y": 12, "x": 30 }]';
    const missing = join(folder, 'missing.csv');
    await expect(readPoints(missing)).rejects.toThrow(`there is no file ${missing}; ${expected}; check the path`);
    const cut = file('cut.json', '[[1, 2');
    await expect(readPoints(cut)).rejects.toThrow(
      /^cannot read .*cut\.json: .*JSON.*; expected points, .*; replace the file$/,
    );
    const ragged = file('ragged.csv', 'y,x\n1\n');
    await expect(readPoints(ragged)).rejects.toThrow(
      `cannot read ${ragged}: Invalid Record Length: expect 2, got 1 on line 2; ${expected}; replace the file`,
    );
  });
});
