import { describe, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { csv } from './csv.ts';

describe('csv', () => {
  test('writes one line per row, what is undefined as an empty field', () => {
    expect(
      csv([
        ['name', 'aji'],
        ['a', 0.5],
        ['b', null],
      ]),
    ).toBe('name,aji\na,0.5\nb,\n');
  });

  test('quotes commas, quotes and line breaks', () => {
    expect(csv([['a,b', 'say "c"', 'd\ne', 'f']])).toBe('"a,b","say ""c""","d\ne",f\n');
  });

  test('is read back by another library as it was written', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string({ minLength: 1 }), fc.string())), (rows) => {
        expect(parse(csv(rows), { relaxColumnCount: true })).toEqual(rows);
      }),
    );
  });

  test('gives nothing for no rows', () => {
    expect(csv([])).toBe('');
  });
});
