import { describe, expect, test } from '@jest/globals';
import { textTable } from './text-table.ts';

describe('textTable', () => {
  test('aligns names to the left and numbers to the right', () => {
    expect(
      textTable([
        ['', 'mean'],
        ['dice', '1.5'],
        ['f1', '-10.25'],
      ]),
    ).toBe('        mean\ndice     1.5\nf1    -10.25\n');
  });
});
