import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { writeTable } from './table.ts';

const { path } = temporaryFolder();

describe('writeTable', () => {
  test('writes the columns of the first line, quotes where needed, and nothing for what is not there', async () => {
    await writeTable(path('a.csv'), [
      { image: 'a, "b"', area: 3, mean: NaN },
      { area: 0.1, image: null, other: 5 },
    ]);
    expect(readFileSync(path('a.csv'), 'utf8')).toBe('image,area,mean\n"a, ""b""",3,\n,0.1,\n');
  });

  test('writes a header without lines', async () => {
    await writeTable(path('empty.csv'), [], ['id', 'area']);
    expect(readFileSync(path('empty.csv'), 'utf8')).toBe('id,area\n');
  });

  test('any text and number comes back', async () => {
    const anyRow = fc.record({
      name: fc.string({ minLength: 1 }),
      value: fc.double({ noNaN: true, noDefaultInfinity: true }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(anyRow, { minLength: 1, maxLength: 4 }), async (rows) => {
        await writeTable(path('round.csv'), rows);
        const back = parse(readFileSync(path('round.csv')), { columns: true }) as { name: string; value: string }[];
        expect(back.map(({ name, value }) => [name, Number(value) + 0])).toEqual(
          rows.map(({ name, value }) => [name, value + 0]),
        );
      }),
      { numRuns: 50 },
    );
  });
});
