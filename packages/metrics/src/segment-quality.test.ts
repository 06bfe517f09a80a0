import { describe, expect, test } from '@jest/globals';
import { labelMap, type Segments, ShapeError } from '@pffnet/structures';
import fc from 'fast-check';
import { addSegmentCounts, segmentCounts, segmentQuality } from './segment-quality.ts';

const [STUFF, THING] = [0, 1];
const isThing = (key: number): boolean => key === THING;
/** Segment 1 is stuff, all others are things. */
const row = (...ids: number[]): Segments => segments(ids);
const segments = (ids: readonly number[], crowds: readonly number[] = []): Segments => ({
  map: labelMap(1, ids.length, Uint32Array.from(ids)),
  classOf: new Map(ids.filter((id) => id > 0).map((id) => [id, id === 1 ? STUFF : THING])),
  crowds: new Set(crowds),
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

  test('a segment that is void in exactly half of its pixels is false', () => {
    expect(segmentCounts(row(9, 9, 9, 9), row(0, 0, 1, 1)).get(THING)).toMatchObject({ falsePositives: 1 });
  });

  test('a crowd matches nothing and is not missed; a segment mostly in one of its class is not false', () => {
    // Thing 5 is a crowd of 6 pixels. Thing 9 covers 5 of them, thing 8 the last and the stuff pixel behind it.
    const truth = segments([5, 5, 5, 5, 5, 5, 1, 1], [5]);
    const counts = segmentCounts(row(9, 9, 9, 9, 9, 8, 8, 1), truth);
    expect(counts.get(THING)).toEqual({ truePositives: 0, falsePositives: 1, falseNegatives: 0, iouSum: 0 });
    // Stuff over a crowd of things is false: the crowd is of another class, and stuff shares 1 of 8 pixels with stuff.
    const stuff = segmentCounts(row(1, 1, 1, 1, 1, 1, 1, 9), truth);
    expect(stuff.get(STUFF)).toEqual({ truePositives: 0, falsePositives: 1, falseNegatives: 1, iouSum: 0 });
  });

  test('crowds and void count together, and all crowds of a class do', () => {
    // 9: one pixel void, one in each of two crowds, one in a thing of three pixels.
    const truth = segments([0, 5, 6, 2, 2, 2], [5, 6]);
    expect(segmentCounts(row(9, 9, 9, 9, 0, 0), truth).get(THING)).toMatchObject({
      falsePositives: 0,
      falseNegatives: 1,
    });
  });

  const map = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 12, maxLength: 12 });

  test('a segmentation matches itself, segment by segment, whatever its void and crowds', () => {
    fc.assert(
      fc.property(map, fc.uniqueArray(fc.integer({ min: 2, max: 6 })), (ids, crowds) => {
        const own = segments(ids, crowds);
        for (const { truePositives, falsePositives, falseNegatives, iouSum } of segmentCounts(own, own).values()) {
          expect([falsePositives, falseNegatives, iouSum]).toEqual([0, 0, truePositives]);
        }
      }),
    );
  });

  test('other ids, as long as classes stay, change nothing', () => {
    fc.assert(
      fc.property(map, map, fc.integer({ min: 1, max: 1e6 }), (predicted, truth, factor) => {
        const renumbered: Segments = {
          map: labelMap(
            1,
            12,
            Uint32Array.from(predicted, (id) => (id === 0 ? 0 : (7 - id) * factor)),
          ),
          classOf: new Map([1, 2, 3, 4, 5, 6].map((id) => [(7 - id) * factor, id === 1 ? STUFF : THING])),
        };
        const entries = (counts: ReturnType<typeof segmentCounts>): unknown[] => [...counts].sort(([a], [b]) => a - b);
        const [before, after] = [row(...predicted), renumbered].map((of) => entries(segmentCounts(of, row(...truth))));
        // The IoU of several pairs may be summed in another order.
        expect(JSON.stringify(after, rounded)).toBe(JSON.stringify(before, rounded));
      }),
    );
  });

  test('says that maps of two sizes cannot be compared, and which segment has no class', () => {
    expect(() => segmentCounts(row(1), row(1, 1))).toThrow(ShapeError);
    const unknown = { ...row(4, 1), classOf: new Map([[1, STUFF]]) };
    expect(() => segmentCounts(row(1, 1), unknown)).toThrow('segmentCounts: segment 4 of the truth has no class');
    expect(() => segmentCounts(unknown, row(1, 1))).toThrow('segmentCounts: segment 4 of the prediction has no class');
  });
});

const rounded = (_: string, value: unknown): unknown => (typeof value === 'number' ? Number(value.toFixed(9)) : value);

describe('segmentQuality', () => {
  test('is the mean over classes, over things and over stuff', () => {
    // Stuff 3/5; things 3/4 over 1 + 1/2.
    const counts = segmentCounts(row(1, 1, 1, 1, 9, 9, 9, 1), row(1, 1, 1, 2, 2, 2, 2, 3));
    const { byClass, all, things, stuff } = segmentQuality(counts, isThing);
    expect(byClass.get(STUFF)!.pq).toBeCloseTo(0.6, 12);
    expect([stuff.pq, stuff.sq, stuff.dq, stuff.classes]).toEqual([expect.closeTo(0.6, 12), 0.6, 1, 1]);
    expect([things.pq, things.sq, things.dq]).toEqual([0.5, 0.75, 1 / 1.5].map((value) => expect.closeTo(value, 12)));
    expect([all.pq, all.sq, all.dq, all.classes]).toEqual([
      ...[0.55, 0.675, 2.5 / 3].map((value): unknown => expect.closeTo(value, 12)),
      2,
    ]);
  });

  test('is 1 of a perfect prediction, and null of nothing at all or of a kind that neither has', () => {
    const truth = row(1, 2, 2, 3, 0);
    expect(segmentQuality(segmentCounts(truth, truth), isThing)).toMatchObject({ all: { pq: 1 }, things: { sq: 1 } });
    const nothing = { pq: null, sq: null, dq: null, classes: 0 };
    expect(segmentQuality(segmentCounts(row(0), row(0)), isThing).all).toEqual(nothing);
    expect(segmentQuality(segmentCounts(row(1), row(1)), isThing)).toMatchObject({ stuff: { pq: 1 }, things: nothing });
  });

  test('of several images adds up their counts first', () => {
    // Stuff: 1 of 1, then missed and false: 1 / (1 + 1). The mean over images would be 1/2, too; things: 1 of 2 found.
    const perfect = segmentCounts(row(1, 2), row(1, 2));
    const wrong = segmentCounts(row(1, 0, 0), row(2, 2, 2));
    const total = addSegmentCounts([perfect, wrong]);
    expect(total.get(STUFF)).toEqual({ truePositives: 1, falsePositives: 1, falseNegatives: 0, iouSum: 1 });
    expect(total.get(THING)).toEqual({ truePositives: 1, falsePositives: 0, falseNegatives: 1, iouSum: 1 });
    expect(segmentQuality(total, isThing).all.pq).toBeCloseTo(2 / 3, 12);
    expect(segmentQuality(addSegmentCounts([]), isThing).all.classes).toBe(0);
  });
});
