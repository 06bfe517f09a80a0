import { describe, expect, test } from '@jest/globals';
import { draw } from '../test/draw.ts';
import { overlapTable } from './overlap-table.ts';
import { matchedPredictions, panopticQuality } from './panoptic-quality.ts';

describe('panopticQuality', () => {
  test('multiplies detection and segmentation', () => {
    // IoU 3/4 for the first pair; the second truth is missed, the second prediction invented.
    const table = overlapTable(draw('1111....2'), draw('.111..22.'));
    const [dq, sq] = [1 / (1 + 0.5 + 0.5), 3 / 4];
    expect(panopticQuality(table)).toEqual({ dq, sq, pq: dq * sq, tp: 1, fp: 1, fn: 1, iouSum: 3 / 4 });
  });

  test('an IoU of exactly one half is no match', () => {
    const table = overlapTable(draw('1111'), draw('.11.'));
    expect(panopticQuality(table)).toMatchObject({ dq: 0, sq: 0, pq: 0, tp: 0, fp: 1, fn: 1 });
    expect(panopticQuality(table, { iouThreshold: 0.49 })).toMatchObject({ tp: 1, sq: 0.5 });
  });

  test('below one half it pairs one to one for the largest total IoU', () => {
    // Truth 1 overlaps predictions 1 (2/6) and 2 (4/8), truth 2 only prediction 2 (2/6): 2/6 + 2/6 > 4/8.
    const table = overlapTable(draw('11222222'), draw('11111122'));
    expect(panopticQuality(table, { iouThreshold: 0.1 })).toMatchObject({ tp: 2, iouSum: 2 / 6 + 2 / 6 });
    expect(panopticQuality(table, { iouThreshold: 0.3 })).toMatchObject({ tp: 2 });
    expect(panopticQuality(table, { iouThreshold: 0.4 })).toMatchObject({ tp: 0 });
  });

  test('`sqOffset` gives the scores of HoVer-Net', () => {
    const table = overlapTable(draw('12'), draw('12'));
    expect(panopticQuality(table, { sqOffset: 1e-6 })).toMatchObject({ dq: 1, sq: 2 / (2 + 1e-6) });
  });

  test.each([
    ['both maps are empty', draw('..'), draw('..'), null],
    ['the truth is empty', draw('1.'), draw('..'), 0],
    ['the prediction is empty', draw('..'), draw('1.'), 0],
    ['there is no background', draw('12'), draw('12'), 1],
  ])('when %s', (_, prediction, truth, expected) => {
    expect(panopticQuality(overlapTable(prediction, truth))).toMatchObject({
      dq: expected,
      sq: expected,
      pq: expected,
    });
  });

  test('refuses a threshold outside 0..1', () => {
    expect(() => panopticQuality(overlapTable(draw('1'), draw('1')), { iouThreshold: 50 })).toThrow(
      'panopticQuality: expected an IoU threshold within 0..1, got 50',
    );
  });
});

describe('matchedPredictions', () => {
  test('names the prediction of each true object that PQ counts as found', () => {
    const table = overlapTable(draw('1111....2'), draw('.111..22.'));
    expect([...matchedPredictions(table)]).toEqual([0, -1]);
  });

  test('below one half gives each prediction to one object', () => {
    const table = overlapTable(draw('11222222'), draw('11111122'));
    expect([...matchedPredictions(table, 0.1)]).toEqual([0, 1]);
    expect([...matchedPredictions(overlapTable(draw('..'), draw('..')))]).toEqual([]);
  });
});
