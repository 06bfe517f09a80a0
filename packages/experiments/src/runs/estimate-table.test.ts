import { expect, test } from '@jest/globals';
import { presets } from '@pffnet/pffnet';
import { estimateTable } from './estimate-table.ts';
import type { RunProgress } from './progress-table.ts';

const run = { run: { id: 'a', config: presets.smoke }, status: { kind: 'missing' } } as unknown as RunProgress;
const doing = (...seconds: (number | null)[]): string => {
  const estimates = seconds.map((time) => ({ seconds: time, bytes: 2e9 }));
  const lines = estimateTable(estimates.map(() => run), estimates, 'onednn').split('\n'); // prettier-ignore
  return lines.find((line) => line.includes('to do')) ?? '';
};

test('runs whose steps were not measured are not about 0 s', () => {
  expect(doing(null, null)).toBe(
    '2 runs to do: for how long is not known, since none of their steps was measured, 4.0 GB',
  );
  expect(doing(10, null)).toBe(
    '2 runs to do: about 10 s one after the other, without 1 run whose steps were not measured, 4.0 GB',
  );
  expect(doing(10, 20)).toBe('2 runs to do: about 30 s one after the other, 4.0 GB');
});
