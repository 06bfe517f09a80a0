import { describe, expect, test } from '@jest/globals';
import { parseHTML } from 'linkedom';
import { curve, learningSection } from './learning.ts';

const log = [
  { step: 1, seconds: 1, mask: 0.5, total: 2 },
  { step: 2, seconds: 1, mask: 0.4, total: 1 },
  { step: 2, kind: 'validation', aji: 0.3, pq: null, best: true },
];

const terms = [
  { name: 'box', weight: 1, symbol: 'det-reg', meaning: 'instances: boxes' },
  { name: 'mask', weight: 1, symbol: 'det-mask', meaning: 'instances: masks' },
];

describe('learningSection', () => {
  test('charts validation scores, the total, and the terms that the log has', () => {
    const { document } = parseHTML(`<body>${learningSection(log, 4, terms)}</body>`);
    expect([...document.querySelectorAll('h3, h4')].map(({ textContent }) => textContent)).toEqual([
      'Scores on 4 validation images',
      'Weighted total of all losses',
      'Every term of the loss, before weighting',
      'Ldet-mask instances: masks',
    ]);
    expect(document.querySelectorAll('svg')).toHaveLength(3);
  });

  test('shows an empty log', () => {
    expect(learningSection([], 0, terms)).not.toContain('NaN');
  });
});

describe('curve', () => {
  test('leaves out steps without the quantity', () => {
    expect(curve(log, 'mask')).toEqual([
      { step: 1, value: 0.5 },
      { step: 2, value: 0.4 },
    ]);
    expect(curve(log, 'pq')).toEqual([]);
  });
});
