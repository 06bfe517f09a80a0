import { describe, expect, test } from '@jest/globals';
import { defaultPolicy, scoreImage, scoreNames, summarise } from '@pffnet/metrics';
import { labelMap } from '@pffnet/structures';
import { scoresCsv, scoresLine, warningLines } from './scores-text.ts';

const one = labelMap(1, 2, [1, 0]);
const empty = labelMap(1, 2);
const summary = summarise([scoreImage('a,b', one, one), scoreImage('c', empty, empty)], defaultPolicy);

describe('scoresCsv', () => {
  test('has one row per image; undefined scores are empty', () => {
    const [head, first, second] = scoresCsv(summary.images).split('\n');
    expect(head).toBe(`name,${scoreNames.join(',')}`);
    expect(first).toMatch(/^"a,b",1,1,1,1,/);
    expect(second).toBe('c,0,0,,,,,,,,,,,,,,0,0');
  });

  test('has its head even without images', () => {
    expect(scoresCsv([])).toBe(`name,${scoreNames.join(',')}\n`);
  });
});

describe('scoresLine', () => {
  test("has the scores of the paper's tables", () => {
    expect(scoresLine({ ...summary.mean, pq: null })).toBe('AJI 1.0000, Dice 1.0000, F1 1.0000, PQ undefined');
  });
});

describe('warningLines', () => {
  test('says once what is true of several scores', () => {
    const warnings = ['aji: undefined in b', 'dice: undefined in b', 'sq: undefined in a: c'];
    expect(warningLines({ warnings })).toEqual(['aji, dice: undefined in b', 'sq: undefined in a: c']);
  });
});
