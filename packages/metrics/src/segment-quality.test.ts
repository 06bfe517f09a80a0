import { describe, expect, test } from '@jest/globals';
import { labelMap, ShapeError } from '@pffnet/structures';
import { segmentCounts, segmentQuality, type Segments } from './segment-quality.ts';

const [STUFF, THING] = [0, 1];
/** Segment 1 is stuff, all others are things. */
const row = (...ids: number[]): Segments => ({
  map: labelMap(1, ids.length, Uint32Array.from(ids)),
  classOf: new Map(ids.filter((id) => id > 0).map((id) => [id, id === 1 ? STUFF : THING])),
});

describe('segmentCounts', () => {
  test('matches stuff with stuff and things with things above an IoU of 1/2', () => {
    // Stuff shares 3 of 5 pixels; thing 2 shares 3 of 4 with thing 9; thing 3 is missed.
    const counts = segmentCounts(row(1, 1, 1, 1, 9, 9, 9, 1), row(1, 1, 1, 2, 2, 2, 2, 3));
    expect(counts.get(STUFF)).toEqual({ truePositives: 1, falsePositives: 0, falseNegatives: 0, iouSum: 3 / 5 });
    expect(counts.get(THING)).toEqual({ truePositives: 1, falsePositives: 0, falseNegatives: 1, iouSum: 3 / 4 });
  });

  test('a segment of another class, or with half of the union, is both missed and false', () => {
    const counts = segmentCounts(row(1, 1, 9, 9), row(2, 2, 3, 1));
    // Stuff: the truth's last pixel is missed, the predicted two are false; thing 9 shares 1 of 2 pixels with thing 3.
    expect(counts.get(STUFF)).toEqual({ truePositives: 0, falsePositives: 1, falseNegatives: 1, iouSum: 0 });
    expect(counts.get(THING)).toEqual({ truePositives: 0, falsePositives: 1, falseNegatives: 2, iouSum: 0 });
  });

  test('pixels that the truth leaves void are in no union, and a segment mostly there is not false', () => {
    // Thing 9 shares 2 of its 5 pixels, the other 3 are void: IoU 1. Thing 8 is void in 2 of 3.
    const counts = segmentCounts(row(9, 9, 9, 9, 9, 8, 8, 8), row(2, 2, 0, 0, 0, 0, 0, 1));
    expect(counts.get(THING)).toEqual({ truePositives: 1, falsePositives: 0, falseNegatives: 0, iouSum: 1 });
    expect(counts.get(STUFF)).toEqual({ truePositives: 0, falsePositives: 0, falseNegatives: 1, iouSum: 0 });
  });

  test('says that maps of two sizes cannot be compared', () => {
    expect(() => segmentCounts(row(1), row(1, 1))).toThrow(ShapeError);
  });
});

describe('segmentQuality', () => {
  test('is the mean over classes; a perfect prediction has 1, and nothing at all null', () => {
    // Stuff 3/5; things 3/4 over 1 + 1/2.
    const { byClass, pq } = segmentQuality(segmentCounts(row(1, 1, 1, 1, 9, 9, 9, 1), row(1, 1, 1, 2, 2, 2, 2, 3)));
    expect(byClass.get(STUFF)!.pq).toBeCloseTo(0.6, 12);
    expect(byClass.get(THING)!.pq).toBeCloseTo(0.5, 12);
    expect(pq).toBeCloseTo(0.55, 12);
    const truth = row(1, 2, 2, 3, 0);
    expect(segmentQuality(segmentCounts(truth, truth)).pq).toBe(1);
    expect(segmentQuality(segmentCounts(row(0), row(0))).pq).toBeNull();
  });
});
