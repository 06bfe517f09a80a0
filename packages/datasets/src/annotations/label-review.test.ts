import { describe, expect, test } from '@jest/globals';
import { DataError, labelMap, type LabelMap } from '@pffnet/structures';
import { refusal } from '../../test/refusal.ts';
import { LabelReview } from './label-review.ts';

const mask = labelMap(1, 5, [7, 0, 7, 0, 7]);
const pieces = labelMap(1, 5, [1, 0, 1, 2, 2]);
const one = labelMap(1, 5, [0, 3, 3, 0, 0]);
const empty = labelMap(1, 5);
const mend =
  "number the regions first, so that every object has an id of its own, such as with scipy.ndimage.label or ImageJ's Connected Components Labeling";

function review(...maps: LabelMap[]): LabelReview {
  const all = new LabelReview();
  maps.forEach((labels, index) => all.add(`m${index}`, { labels }));
  return all;
}

describe('LabelReview', () => {
  test('refuses a folder whose maps hold one id each in several regions, whatever the number', async () => {
    expect(await refusal(() => review(mask, labelMap(1, 5, [1, 0, 1, 0, 0]), empty).refuseMasks('truth'))).toEqual([
      DataError,
      `truth: its label maps hold one id each, m0 in 3 regions, m1 in 2 regions: masks of the foreground, each of which would count as one object; ${mend}`,
    ]);
  });

  test('refuses two masks among empty maps, which do not count', async () => {
    expect((await refusal(() => review(empty, mask, empty, mask, empty).refuseMasks('truth')))[0]).toBe(DataError);
  });

  test('warns of nine masks beside one instance map, and does not refuse them', () => {
    const maps = review(...Array<LabelMap>(9).fill(mask), pieces);
    expect(() => maps.refuseMasks('truth')).not.toThrow();
    expect(maps.lines()).toEqual([
      `one id alone, which counts as one object: m0 in 3 regions, m1 in 3 regions, m2 in 3 regions and 6 more; if that is a mask, ${mend}`,
    ]);
  });

  test('warns of a single map, with the number of regions', () => {
    expect(() => review(mask).refuseMasks('truth')).not.toThrow();
    expect(review(mask).lines()).toEqual([
      `one id alone, which counts as one object: m0 in 3 regions; if that is a mask, ${mend}`,
    ]);
  });

  test('counts a map that is read several times once', () => {
    const read = new LabelReview();
    for (let times = 0; times < 2; times++) read.add('a', { labels: mask });
    expect(() => read.refuseMasks('truth')).not.toThrow();
    expect(read.lines()).toEqual([expect.stringMatching(/: a in 3 regions; if/)]);
  });

  test.each([
    ['objects in pieces among others', [pieces, pieces]],
    ['masks among instance maps', [mask, mask, pieces]],
    ['masks among which one shows a single object', [mask, mask, one]],
    ['a mask among empty maps', [mask, empty, empty]],
    ['crops of single cells, few of them in pieces', [one, one, mask]],
    ['maps of one object each', [one, one]],
    ['empty maps', [empty, empty]],
    ['nothing', []],
  ])('takes %s', (_, maps) => {
    expect(() => review(...maps).refuseMasks('truth')).not.toThrow();
  });

  test('says nothing about sound maps', () => {
    expect(review(pieces, one, empty).lines()).toEqual([]);
  });
});
