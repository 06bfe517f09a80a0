import { describe, expect, test } from '@jest/globals';
import { labelMap, randomStream } from '@pffnet/structures';
import { draw } from '../test/draw.ts';
import { overlapTable } from './overlap-table.ts';

const plain = (table: ReturnType<typeof overlapTable>) =>
  Object.fromEntries(
    Object.entries(table).map(([key, value]) => [key, typeof value === 'number' ? value : [...value]]),
  );

describe('overlapTable', () => {
  test('counts areas and shared pixels', () => {
    const prediction = draw('.55.', '.553', '...3');
    const truth = draw('22..', '2299', '..99');
    expect(plain(overlapTable(prediction, truth))).toEqual({
      pixelCount: 12,
      truthIds: [2, 9],
      predictedIds: [3, 5],
      truthAreas: [4, 4],
      predictedAreas: [2, 4],
      pairStart: [0, 1, 3],
      pairPrediction: [1, 0, 1], // 2 with 5; 9 with 3 and 5
      pairArea: [2, 2, 1],
    });
  });

  test('an object is all pixels of its id, connected or not', () => {
    const table = overlapTable(draw('1.1.1'), draw('7.7.7'));
    expect(plain(table)).toMatchObject({ truthAreas: [3], predictedAreas: [3], pairArea: [3] });
  });

  test('takes any 32-bit id', () => {
    const ids = [0, 1, 65_535, 65_536, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1];
    const map = labelMap(1, ids.length, ids);
    expect(plain(overlapTable(map, map))).toMatchObject({
      truthIds: ids.slice(1),
      predictedIds: ids.slice(1),
      pairPrediction: [0, 1, 2, 3, 4, 5],
      pairArea: [1, 1, 1, 1, 1, 1],
    });
  });

  test('holds more than 65,535 objects, whatever the order of their ids', () => {
    const side = 300;
    const random = randomStream(1, 'ids');
    const ids = Uint32Array.from({ length: side * side }, (_, at) => at + 1);
    for (let last = ids.length - 1; last > 0; last--) {
      const other = random.integer(last + 1);
      [ids[last], ids[other]] = [ids[other], ids[last]];
    }
    const truth = labelMap(side, side, ids);
    const prediction = labelMap(
      side,
      side,
      ids.map((id) => 4_000_000_000 - id),
    );
    const table = overlapTable(prediction, truth);
    expect(table.truthIds.length).toBe(90_000);
    expect(table.pairStart).toEqual(Uint32Array.from({ length: 90_001 }, (_, at) => at));
    expect(table.pairPrediction).toEqual(Uint32Array.from({ length: 90_000 }, (_, at) => 89_999 - at));
    expect(table.pairArea.every((area) => area === 1)).toBe(true);
  });

  test('agrees with a count of every pixel on noise', () => {
    const random = randomStream(2, 'noise');
    const noise = () =>
      labelMap(
        40,
        50,
        Uint32Array.from({ length: 2000 }, () => random.integer(30) * 1_000_003),
      );
    const [prediction, truth] = [noise(), noise()];
    const table = overlapTable(prediction, truth);
    for (const [t, truthId] of table.truthIds.entries()) {
      expect(table.truthAreas[t]).toBe(truth.data.filter((id) => id === truthId).length);
      const counted = new Map<number, number>();
      truth.data.forEach((id, pixel) => {
        const other = prediction.data[pixel];
        if (id === truthId && other !== 0) counted.set(other, (counted.get(other) ?? 0) + 1);
      });
      const pairs = [...table.pairPrediction.subarray(table.pairStart[t], table.pairStart[t + 1])];
      expect(pairs).toEqual(pairs.toSorted((a, b) => a - b));
      const stored = pairs.map((p, at) => [table.predictedIds[p], table.pairArea[table.pairStart[t] + at]] as const);
      expect(new Map(stored)).toEqual(counted);
    }
  });

  test.each([
    ['both maps are empty', draw('..'), draw('..'), 0, 0],
    ['the truth is empty', draw('12'), draw('..'), 0, 2],
    ['the prediction is empty', draw('..'), draw('12'), 2, 0],
    ['there are no pixels', labelMap(0, 5), labelMap(0, 5), 0, 0],
  ])('has no pairs when %s', (_, prediction, truth, truths, predictions) => {
    const table = overlapTable(prediction, truth);
    expect([table.truthIds.length, table.predictedIds.length, table.pairArea.length]).toEqual([truths, predictions, 0]);
    expect(table.pairStart).toEqual(new Uint32Array(truths + 1));
  });

  test('refuses maps of different size', () => {
    expect(() => overlapTable(labelMap(40, 48), labelMap(48, 40))).toThrow(
      'overlapTable: expected two maps of one size, got a prediction of 40 x 48 and a truth of 48 x 40 pixels (height x width)',
    );
  });

  test('refuses a map with too few ids', () => {
    const cut = { height: 2, width: 2, data: new Uint32Array(3) };
    expect(() => overlapTable(cut, labelMap(2, 2))).toThrow(
      'overlapTable: expected 2 x 2 = 4 ids in the prediction, got 3',
    );
  });
});
