import { describe, expect, test } from '@jest/globals';
import { countChart, differenceChart, distributionChart, seriesColours, sizeChart } from './evaluation-charts.ts';

const size = { width: 300, height: 200 };
const colours = { found: 'blue', missed: 'yellow' };

describe('the charts of an evaluation', () => {
  test('stand alone, and draw every point', () => {
    const points = ['AJI', 'PQ'].flatMap((score) =>
      ['a', 'b'].flatMap((series) => [0.2, 0.4, 0.9].map((value) => ({ score, series, value }))),
    );
    const charts = [
      distributionChart(points, size),
      countChart([{ truth: 3, predicted: 5 }], size),
      sizeChart([{ from: 4, to: 7, found: 3, missed: 1 }], colours, size),
      differenceChart([{ score: 'aji', mean: 0.1, low: -0.05, high: 0.2 }], size),
    ];
    for (const chart of charts) {
      expect(chart).toMatch(/^<svg[^>]* xmlns="http:\/\/www.w3.org\/2000\/svg"/);
      expect(chart).not.toContain('NaN');
    }
    expect(charts[0].match(/<circle/g)).toHaveLength(12);
    expect(charts[2]).toContain('75 %');
    for (const [, colour] of seriesColours(['a', 'b'])) expect(charts[0]).toContain(colour);
  });

  test.each([
    ['no image', distributionChart([], size)],
    ['one image', distributionChart([{ score: 'AJI', series: 'all', value: 0.5 }], size)],
    [
      'equal images',
      distributionChart(
        [1, 1, 1].map((value) => ({ score: 'AJI', series: 'all', value })),
        size,
      ),
    ],
    ['no object', countChart([{ truth: 0, predicted: 0 }], size)],
    ['no difference', differenceChart([{ score: 'aji', mean: 0, low: 0, high: 0 }], size)],
    ['an empty bin', sizeChart([{ from: 1, to: 1, found: 0, missed: 0 }], colours, size)],
  ])('draw %s', (_, chart) => {
    expect(chart).not.toContain('NaN');
  });
});
