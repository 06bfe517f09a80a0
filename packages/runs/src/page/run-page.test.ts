import { describe, expect, test } from '@jest/globals';
import { defaultPolicy, scoreImage, summarise } from '@pffnet/metrics';
import { presets } from '@pffnet/pffnet';
import { labelMap } from '@pffnet/structures';
import { parseHTML } from 'linkedom';
import { runPage } from './run-page.ts';

const truth = labelMap(1, 4, [1, 1, 0, 2]);

describe('runPage', () => {
  const { document } = parseHTML(
    runPage({
      config: presets.small,
      facts: {
        commit: 'abc',
        versions: { pffnet: '0' },
        engine: 'wasm',
        command: 'pffnet train',
        data: { folder: 'cells', hash: '0123456789abcdef', train: ['a'], validation: [], test: ['b', 'c'] },
      },
      time: '3 minutes',
      bestStep: 7,
      log: [{ step: 1, total: 2 }],
      test: summarise([scoreImage('b', truth, truth), scoreImage('c', labelMap(1, 4), truth)], defaultPolicy),
    }),
  );

  test('says what produced the scores', () => {
    const text = (document.body.textContent ?? '').replace(/\s+/g, ' ');
    expect(document.querySelector('h1')?.textContent).toBe('PFFNet small: cells');
    expect(text).toContain('2 test images: AJI 0.500');
    for (const fact of ['random weights, seed 0', 'wasm', '3 minutes', 'pffnet train', 'abc'])
      expect(text).toContain(fact);
  });

  test('shows the truth beside each prediction', () => {
    expect([...document.querySelectorAll('img')].map((image) => image.getAttribute('src'))).toEqual(
      ['b_truth', 'b_overlay', 'c_truth', 'c_overlay'].map((name) => `predictions/${name}.png`),
    );
  });
});
