import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { loadBackend } from '@pffnet/backends';
import { createNetwork, resolveConfig } from '@pffnet/families';

await loadBackend('auto');

const table = readFileSync(new URL('../../../docs/networks.md', import.meta.url), 'utf8');
/** Rows of the table of parameters: `| mask-rcnn | 13,461,783 |`. */
const documented = [...table.matchAll(/^\| `([a-z0-9-]+)` +\| +([\d,]+) \|/gm)].map(([, name, count]) => [
  name!,
  count!,
]);

test.each(documented)('docs/networks.md says how many parameters %s has at size small', (variant, count) => {
  const { scope } = createNetwork(resolveConfig({ base: 'small', source: 'test', variant }));
  const counted = [...scope.variables().values()].reduce((sum, { size }) => sum + size, 0);
  scope.dispose();
  expect(counted.toLocaleString('en')).toBe(count);
});
