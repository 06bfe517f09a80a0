import { describe, expect, test } from '@jest/globals';
import { defaultPolicy, scoreImage, summarise } from '@pffnet/metrics';
import { presets } from '@pffnet/pffnet';
import { labelMap } from '@pffnet/structures';
import { parseHTML } from 'linkedom';
import { demoPage, type DemoResult } from './demo-page.ts';

const truth = labelMap(1, 6, [1, 1, 0, 2, 2, 0]);
const half = labelMap(1, 6, [1, 1, 0, 0, 0, 3]);
const none = labelMap(1, 6);
const summary = (prediction: typeof truth): DemoResult['after'] =>
  summarise([scoreImage('cell_1', prediction, truth)], defaultPolicy);

const result: DemoResult = {
  config: presets.smoke,
  facts: {
    commit: null,
    versions: { pffnet: '0' },
    engine: 'wasm <b>',
    command: 'pffnet demo',
    data: { folder: 'synthetic', hash: '0123456789abcdef', train: ['a', 'b'], validation: ['c'], test: ['cell_1'] },
  },
  seconds: 90,
  bestStep: 2,
  log: [
    { step: 1, learningRate: 0.1, seconds: 1, mask: 0.5, total: 2 },
    { step: 2, learningRate: 0.1, seconds: 1, mask: 0.4, total: 1 },
    { step: 2, kind: 'validation', aji: 0.3, pq: null, best: true },
  ],
  before: summary(none),
  after: summary(half),
  real: { model: 'nuclei-he', objects: 7 },
};

describe('demoPage', () => {
  const { document } = parseHTML(demoPage(result));
  const text = (document.body.textContent ?? '').replace(/\s+/g, ' ');

  test('says what was learned and how well', () => {
    expect(text).toContain('from 2 drawn images and random weights, in 1.5 minutes');
    // 2 of 5 pixels of the union are right.
    expect(text).toContain('AJI rose from 0.000 to 0.400');
  });

  test('captions each picture with what was found', () => {
    expect([...document.querySelectorAll('figcaption')].map(({ textContent }) => textContent)).toEqual([
      'cell_1',
      '2 objects',
      'AJI 0.000: 0 of 2 found, 0 false',
      'AJI 0.400: 1 of 2 found, 1 false',
      'image',
      '7 nuclei',
    ]);
  });

  test('points out the mean after training, apart from the single images', () => {
    expect([...document.querySelectorAll('tr.main th')].map(({ textContent }) => textContent)).toEqual([
      'mean after training',
    ]);
    expect([...document.querySelectorAll('tbody')].map((group) => group.querySelectorAll('tr').length)).toEqual([3, 1]);
  });

  test('draws only the terms that the log has', () => {
    expect([...document.querySelectorAll('h4')].map(({ textContent }) => textContent)).toEqual([
      'Ldet-mask instances: masks',
    ]);
  });

  test('says where it comes from', () => {
    expect(text).toContain('random weights, seed 0');
    expect(text).toContain('wasm <b>');
    expect(text).toContain('none: not in a repository');
    expect(text).toContain('weights of step 2, the best on the validation images');
  });
});
