import { describe, expect, test } from '@jest/globals';
import { labelMap, randomStream } from '@pffnet/structures';
import { panopticTruth } from './panoptic-truth.ts';
import { truthOf } from './truth.ts';

const size = { height: 2, width: 3 };
/** Objects 7 and 9 on 8 x 8 pixels, of which P2 has 2 x 3 cells: the third column is padding. */
const labels = labelMap(8, 8);
labels.data[2 * 8 + 2] = 7; // the centre of the first cell
labels.data[6 * 8 + 6] = 9; // the centre of the last cell that is no padding
labels.data[0] = 9; // no cell looks there
const truth = truthOf(labels, 'continuous');

describe('panopticTruth', () => {
  test('numbers the kept objects from 1, and leaves out the padding', () => {
    const { boxes, target } = panopticTruth(truth, { size, keep: 1, stream: randomStream(0, 'rois') });
    expect([...target]).toEqual([1, 0, -1, 0, 2, -1]);
    expect([...boxes]).toEqual([...truth.boxes]);
  });

  test('objects that are not kept are void, whose number is one more than the last', () => {
    const { boxes, target } = panopticTruth(truth, { size, keep: 0.5, stream: randomStream(0, 'rois') });
    expect(boxes.length).toBe(4);
    expect([...target].sort()).toEqual([-1, -1, 0, 0, 1, 2].sort());
    expect([...panopticTruth(truth, { size, keep: 0, stream: randomStream(0, 'rois') }).target]).toEqual([
      1, 0, -1, 0, 1, -1,
    ]);
  });

  test('an image without objects is all stuff', () => {
    const empty = truthOf(labelMap(8, 8), 'continuous');
    const { boxes, target } = panopticTruth(empty, { size, keep: 0.7, stream: randomStream(0, 'rois') });
    expect([boxes.length, ...target]).toEqual([0, 0, 0, -1, 0, 0, -1]);
  });
});
