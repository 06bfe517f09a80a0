import { describe, expect, test } from '@jest/globals';
import { DataError, labelMap, type LabelMap } from '@pffnet/structures';
import { refusal } from '../../test/refusal.ts';
import { areMasks } from '../regions/regions-of-one-id.ts';
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

  test('refuses masks among which one shows a single object', async () => {
    expect((await refusal(() => review(mask, mask, one).refuseMasks('truth')))[0]).toBe(DataError);
  });

  test('warns of a single map, with the number of regions', () => {
    expect(() => review(mask).refuseMasks('truth')).not.toThrow();
    expect(review(mask).lines()).toEqual([
      `one id alone, which counts as one object: m0 in 3 regions; if that is a mask, ${mend}`,
    ]);
  });

  test.each([
    ['objects in pieces among others', [pieces, pieces]],
    ['a mask among instance maps', [mask, mask, pieces]],
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

describe('areMasks', () => {
  test('does not take crops of single cells, few of them in pieces, for masks', () => {
    expect(areMasks([1, 1, 2])).toBe(false);
    expect(areMasks([1, 2])).toBe(false);
  });
});
