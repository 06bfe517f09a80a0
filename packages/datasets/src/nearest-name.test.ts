import { describe, expect, test } from '@jest/globals';
import { nearestName, someNames } from './nearest-name.ts';

describe('nearestName', () => {
  test.each([
    ['fold_by_patent', 'fold_by_patient'],
    ['Fold_Random', 'fold_random'],
    ['patients', 'patient'],
  ])('%s is meant to be %s', (wanted, meant) => {
    expect(nearestName(wanted, ['name', 'patient', 'fold_by_patient', 'fold_random'])).toBe(meant);
  });

  test('has nothing to offer among no candidates', () => {
    expect(nearestName('a', [])).toBeUndefined();
  });
});

describe('someNames', () => {
  test.each([
    [['a'], 'a'],
    [['a', 'b', 'c'], 'a, b, c'],
    [['a', 'b', 'c', 'd', 'e'], 'a, b, c and 2 more'],
  ])('%j reads %s', (names, text) => {
    expect(someNames(names)).toBe(text);
  });
});
