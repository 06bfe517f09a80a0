import { describe, expect, test } from '@jest/globals';
import { labelMap } from '@pffnet/structures';
import { bestIou } from './best-iou.ts';
import { overlapTable } from './overlap-table.ts';

describe('bestIou', () => {
  test('is each prediction’s best fit', () => {
    const truth = labelMap(2, 4, [1, 1, 2, 2, 0, 0, 2, 0]);
    // 5 shares one of two pixels with 1 and one of four with 2; 9 has nothing; 7 is one of three pixels of 2.
    const prediction = labelMap(2, 4, [0, 5, 5, 7, 9, 9, 0, 0]);
    // Ids ascend: 5, 7, 9. IoU of 5 with 1: 1 / (2 + 2 - 1); with 2: 1 / (3 + 2 - 1).
    expect([...bestIou(overlapTable(prediction, truth))]).toEqual([1 / 3, 1 / 3, 0]);
  });

  test('is empty without predictions, and 1 for the truth itself', () => {
    const truth = labelMap(1, 3, [1, 0, 4]);
    expect([...bestIou(overlapTable(labelMap(1, 3), truth))]).toEqual([]);
    expect([...bestIou(overlapTable(truth, truth))]).toEqual([1, 1]);
  });
});
