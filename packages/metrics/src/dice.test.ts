import { describe, expect, test } from '@jest/globals';
import { draw } from '../test/draw.ts';
import { dice, ensembleDice } from './dice.ts';
import { overlapTable } from './overlap-table.ts';

describe('dice', () => {
  test('compares foregrounds whatever the objects', () => {
    expect(dice(overlapTable(draw('1122.'), draw('.1111')))).toBe((2 * 3) / (4 + 4));
  });

  test('is undefined without foreground, and takes 0 for background even where there is none', () => {
    expect(dice(overlapTable(draw('..'), draw('..')))).toBeNull();
    expect(dice(overlapTable(draw('12'), draw('1.')))).toBe(2 / 3);
  });
});

describe('ensembleDice', () => {
  test('counts an object once per partner', () => {
    expect(ensembleDice(overlapTable(draw('1122.'), draw('.1111')))).toBe((2 * (1 + 2)) / (4 + 2 + 4 + 2));
  });

  test('does not see objects without partner, and is 0 when none has one', () => {
    expect(ensembleDice(overlapTable(draw('11.2'), draw('11..')))).toBe(1);
    expect(ensembleDice(overlapTable(draw('1.'), draw('.1')))).toBe(0);
    expect(ensembleDice(overlapTable(draw('..'), draw('.1')))).toBe(0);
    expect(ensembleDice(overlapTable(draw('..'), draw('..')))).toBeNull();
  });
});
