import { describe, expect, test } from '@jest/globals';
import { boxesOfLabels, compactLabels, DataError, labelMap, objectIds } from '@pffnet/structures';
import fc from 'fast-check';
import { anyLabels } from '../../test/any-labels.ts';
import { refusal } from '../../test/refusal.ts';
import { LabelDrawing } from '../annotations/label-drawing.ts';
import { runLengthsOfLabels } from './run-lengths-of-labels.ts';
import { cocoPolygonRuns } from './coco-polygon-runs.ts';
import { areaOfRuns, boxOfRuns, checkedRuns, drawRuns, packRuns, unpackRuns } from './run-lengths.ts';

describe('runLengthsOfLabels', () => {
  test('counts column after column, background first', () => {
    // 7 7 0
    // 0 7 3
    const runs = runLengthsOfLabels(labelMap(2, 3, [7, 7, 0, 0, 7, 3]));
    expect([...runs]).toEqual([
      [3, { height: 2, width: 3, counts: [5, 1] }],
      [7, { height: 2, width: 3, counts: [0, 1, 1, 2, 2] }],
    ]);
  });

  test('gives back the map, and area and box of every object', () => {
    fc.assert(
      fc.property(anyLabels(), (labels) => {
        const runs = new Map(runLengthsOfLabels(labels));
        const ids = objectIds(labels);
        expect([...runs.keys()]).toEqual(ids);
        const drawing = new LabelDrawing(labels, 'last');
        const boxes = boxesOfLabels(labels);
        ids.forEach((id, index) => {
          const run = runs.get(id)!;
          expect(checkedRuns(run.counts, labels.height, labels.width, 'x')).toEqual(run);
          expect(areaOfRuns(run)).toBe(labels.data.filter((value) => value === id).length);
          const [y1, x1, y2, x2] = boxes.subarray(index * 4);
          expect(boxOfRuns(run)).toEqual([x1, y1, x2! - x1!, y2! - y1!]);
          drawing.begin();
          drawRuns(run, drawing);
        });
        expect(drawing.labels).toEqual(compactLabels(labels).labels);
      }),
    );
  });

  test('has nothing to say about an empty map', () => {
    expect([...runLengthsOfLabels(labelMap(2, 2))]).toEqual([]);
    expect(boxOfRuns({ height: 2, width: 2, counts: [4] })).toEqual([0, 0, 0, 0]);
  });
});

/** Corners, height, width, and what the C code of the COCO API (common/maskApi.c of cocodataset/cocoapi) gives. */
const golden: [corners: number[], height: number, width: number, text: string, counts: number[]][] = [
  [[2, -11, 0, -2, 4, 2, -1, 8, 3, 11], 37, 4, '63Q12N2LK7', [6, 3, 33, 5, 31, 7, 27, 2, 34]],
  [
    [15.5, -7.5, 10.5, 26.5, 13.5, 13, 17, 22],
    28,
    20,
    'X:2d02M2N9N38HV2',
    [328, 2, 20, 4, 17, 6, 15, 15, 13, 18, 21, 10, 91],
  ],
  [[-1.67, 5.51, 0.9, 2.55, 7.51, -0.43, 5.87, -0.7], 5, 13, '313090H0S1', [3, 1, 3, 1, 12, 1, 4, 1, 39]],
  [[3, 24, 5, 28, -2, 28, 8, 21], 30, 16, 'j02l00O1002NK0k8', [26, 2, 28, 2, 27, 3, 27, 3, 29, 1, 24, 1, 307]],
  [
    [12, -1, 10, -2, 6, 7, 3, -5, 0, 1],
    24,
    12,
    '01g0000h00XO4L1ON2M[2',
    [0, 1, 23, 1, 23, 1, 47, 1, 23, 5, 19, 6, 18, 4, 20, 1, 95],
  ],
  [
    [6.5, 2, 3, 19.5, 5, 13.5, -1, 0.5, 4, 3.5, 0, 23, 2, 38],
    36,
    6,
    '12a05JMO>KCNb02\\OO4M1h0K010',
    [1, 2, 17, 7, 11, 4, 10, 18, 5, 5, 3, 23, 5, 3, 4, 7, 1, 8, 25, 3, 25, 4, 25],
  ],
  [
    [-4.48, 27.99, 4.99, -1.35, 13.05, 2.9, 6.76, 3, 7.39, 22.67, 9.29, -8.62],
    32,
    21,
    '=2k0001N1003NU1`0ZN_OG0k012O00n8',
    [13, 2, 27, 2, 27, 3, 25, 4, 25, 4, 28, 2, 65, 18, 11, 1, 2, 1, 29, 2, 31, 1, 31, 1, 317],
  ],
  [
    [2, 10, 5, -2, 10, 3, -1, 11, 1, 5, 5, -1],
    9,
    10,
    '7243O0ONO01300101N1O2NO',
    [7, 2, 4, 5, 3, 5, 2, 3, 1, 3, 2, 6, 2, 6, 3, 6, 4, 4, 5, 3, 7, 1, 6],
  ],
];

describe('packRuns and cocoPolygonRuns', () => {
  test.each(golden)('give the bytes of the COCO API: %j in %i x %i', (corners, height, width, text, counts) => {
    expect(cocoPolygonRuns(corners, height, width, 'x').counts).toEqual(counts);
    expect(packRuns(counts)).toBe(text);
    expect(unpackRuns(text, 'x')).toEqual(counts);
  });

  test('every list of counts survives packing', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 2 ** 30 })), (counts) => {
        expect(unpackRuns(packRuns(counts), 'x')).toEqual(counts);
      }),
    );
  });

  test('any text is unpacked or refused in one line', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          checkedRuns(unpackRuns(text, 'file'), 5, 5, 'file');
        } catch (error) {
          expect(error).toBeInstanceOf(DataError);
          expect((error as Error).message).toMatch(/^file has [^\n]+$/);
        }
      }),
    );
  });

  test.each<[string, () => unknown, string]>([
    [
      'broken text',
      () => unpackRuns('5~', 'a.json: annotation 3'),
      'a.json: annotation 3 has broken run lengths at character 2; expected text of the COCO API; export it again',
    ],
    [
      'counts that do not add up',
      () => checkedRuns([3, 2], 2, 2, 'a'),
      'a has run lengths of 5 pixels, its image 2 x 2; expected them to add up; export it again',
    ],
    [
      'a negative count',
      () => checkedRuns([5, -1], 2, 2, 'a'),
      'a has the run length -1; expected 0, 1, 2, …; export it again',
    ],
    [
      'a corner far outside',
      () => cocoPolygonRuns([0, 0, 1e9, 0, 0, 5], 4, 6, 'a'),
      'a has a corner at (1000000000, 0), far outside its image of 4 x 6; check its image',
    ],
    [
      'two corners',
      () => cocoPolygonRuns([0, 0, 1, 1], 4, 6, 'a'),
      'a has a polygon of 4 numbers; expected three corners x, y or more; export it again',
    ],
    [
      'a line without end',
      () =>
        cocoPolygonRuns(
          Array.from({ length: 40000 }, (_, index) => (index % 4 < 2 ? 0 : 6)),
          4,
          6,
          'a',
        ),
      'a has a line of 124000 pixels in an image of 4 x 6; check its image',
    ],
  ])('refuses %s', async (_, call, message) => {
    expect(await refusal(call)).toEqual([DataError, message]);
  });
});
