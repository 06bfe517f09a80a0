import { describe, expect, jest, test } from '@jest/globals';
import { scoreChart, smooth, trendChart } from './charts.ts';

const size = { width: 300, height: 150 };

describe('smooth', () => {
  test('averages windows of steps; the last may be shorter', () => {
    const points = [1, 3, 5, 7, 100].map((value, index) => ({ step: index + 1, value }));
    expect(smooth(points, 2)).toEqual([
      { step: 1.5, value: 2 },
      { step: 3.5, value: 6 },
      { step: 5, value: 100 },
    ]);
  });

  test('leaves a curve as it is with a window of one, and nothing as nothing', () => {
    const points = [{ step: 1, value: 2 }];
    expect([smooth(points, 1), smooth([], 4)]).toEqual([points, []]);
  });
});

describe('trendChart', () => {
  test('is an SVG that stands alone', () => {
    const chart = trendChart(
      [1, 2, 3].map((step) => ({ step, value: 1 / step })),
      size,
    );
    expect(chart).toMatch(/^<svg[^>]* xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    expect(chart.match(/<path/g)?.length).toBeGreaterThanOrEqual(2);
    expect(chart).not.toContain('NaN');
  });

  test.each([
    ['no point', []],
    ['one point', [{ step: 1, value: 0.5 }]],
    ['zeros', [1, 2].map((step) => ({ step, value: 0 }))],
  ])('draws %s', (_, points) => {
    expect(trendChart(points, size)).not.toContain('NaN');
  });
});

describe('scoreChart', () => {
  test('names its curves where they end', () => {
    const points = ['AJI', 'PQ'].flatMap((name) => [1, 2].map((step) => ({ name, step, value: 0.5 })));
    const chart = scoreChart(points, size);
    expect(chart).toMatch(/>AJI</);
    expect(chart).toMatch(/>PQ</);
    expect(scoreChart([], size)).not.toContain('NaN');
  });

  test('draws a single validation without a warning', () => {
    const warn = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
    const chart = scoreChart(
      ['AJI', 'PQ'].map((name) => ({ name, step: 2, value: 0.5 })),
      size,
    );
    expect([warn.mock.calls, chart.includes('⚠')]).toEqual([[], false]);
    warn.mockRestore();
  });
});
