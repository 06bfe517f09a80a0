import { describe, expect, test } from '@jest/globals';
import { draw } from '../test/draw.ts';
import { aji, ajiOnce, ajiOnceLegacy, ajiPlus } from './aji.ts';
import { overlapTable } from './overlap-table.ts';

describe('the variants of AJI', () => {
  test('one prediction over two objects: only `aji` lets it serve both', () => {
    const table = overlapTable(draw('111111'), draw('112222'));
    expect(aji(table)).toBe((2 + 4) / (6 + 6));
    expect(ajiPlus(table)).toBe(4 / (6 + 2)); // the better pair
    expect(ajiOnce(table)).toBe(2 / (6 + 4)); // the first true object chooses
    expect(ajiOnceLegacy(table)).toBe(2 / (6 + 4));
  });

  test('a true object that nothing overlaps takes prediction 1 in `ajiOnceLegacy` only', () => {
    const table = overlapTable(draw('..222.111'), draw('1.222.333'));
    const found = (3 + 3) / (1 + 3 + 3);
    expect([aji(table), ajiPlus(table), ajiOnce(table)]).toEqual([found, found, found]);
    // Truth 1 adds itself and prediction 1; truth 3 comes too late for prediction 1.
    expect(ajiOnceLegacy(table)).toBe(3 / (1 + 3 + 3 + 3));
  });

  test('`ajiOnce` depends on the order of the true ids', () => {
    const prediction = draw('1111..');
    expect(ajiOnce(overlapTable(prediction, draw('112222')))).toBe(2 / (4 + 4));
    expect(ajiOnce(overlapTable(prediction, draw('221111')))).toBe(2 / (6 + 2));
  });

  test('of two predictions with equal IoU `aji` takes the larger union, `ajiOnce` the smaller id', () => {
    const table = overlapTable(draw('1.222222'), draw('1111....')); // 1/4 and 2/8
    expect(aji(table)).toBe(2 / (8 + 1));
    expect(ajiOnce(table)).toBe(1 / (4 + 6));
  });

  test('on ids as given, a gap before the first true id takes prediction 1 in `ajiOnceLegacy`', () => {
    const [prediction, truth] = [draw('11.222'), draw('33.444')];
    expect(ajiOnceLegacy(overlapTable(prediction, truth))).toBe(1);
    expect(ajiOnceLegacy(overlapTable(prediction, truth), 'as-given')).toBe(3 / (2 + 2 + 3));
    expect(ajiOnceLegacy(overlapTable(draw('11.555'), truth), 'as-given')).toBe(1); // the gap takes absent prediction 2
    expect(ajiOnceLegacy(overlapTable(draw('44.555'), truth), 'as-given')).toBe(1); // and here absent prediction 1
  });

  test('on ids as given, an object that nothing overlaps may take a prediction 1 that does not exist', () => {
    const [prediction, truth] = [draw('..222.333'), draw('1.333.222')];
    expect(ajiOnceLegacy(overlapTable(prediction, truth), 'as-given')).toBe((3 + 3) / (1 + 3 + 3));
    expect(ajiOnceLegacy(overlapTable(prediction, truth))).toBe(3 / (1 + 3 + 3 + 3));
  });

  test.each([
    ['both maps are empty', draw('...'), draw('...'), null],
    ['the truth is empty', draw('1.2'), draw('...'), 0],
    ['the prediction is empty', draw('...'), draw('1.2'), 0],
    ['no object overlaps', draw('1..'), draw('..1'), 0],
    ['there is no background', draw('112'), draw('112'), 1],
    ['ids have gaps', draw('3.9'), draw('7.8'), 1],
  ])('every variant when %s', (_, prediction, truth, expected) => {
    const table = overlapTable(prediction, truth);
    for (const variant of [aji, ajiPlus, ajiOnce, ajiOnceLegacy]) expect(variant(table)).toBe(expected);
  });
});
