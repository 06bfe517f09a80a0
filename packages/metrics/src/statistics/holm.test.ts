import { describe, expect, test } from '@jest/globals';
import { holm } from './holm.ts';

describe('holm', () => {
  test('multiplies the k-th smallest of m by m - k + 1 and never falls', () => {
    expect(holm([0.02, 0.5, 0.25, 0.125])).toEqual([0.08, 0.5, 0.5, 0.375]);
    expect(holm([0.25, 0.4, 0.3])).toEqual([0.75, 0.75, 0.75]);
  });

  test('stays within 1, keeps one test as it is, and takes none', () => {
    expect(holm([0.9, 0.8])).toEqual([1, 1]);
    expect(holm([0.03])).toEqual([0.03]);
    expect(holm([])).toEqual([]);
  });

  test('does not count tests without a result', () => {
    expect(holm([null, 0.02, null, 0.25])).toEqual([null, 0.04, null, 0.25]);
  });
});
