import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('../..', import.meta.url));
const home = 'packages/pages/src/colours.ts';
/** A colour as style sheets and charts write it; `#add(…)` is a private method. */
const colour = /(?<![\w.])#(?:[0-9a-f]{6}|[0-9a-f]{3})\b(?!\()/gi;

/** The sources of all packages, without their tests. */
const sources = readdirSync(join(root, 'packages')).flatMap((name) =>
  readdirSync(join(root, 'packages', name, 'src'), { recursive: true })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => `packages/${name}/src/${file}`),
);

const coloursIn = (path) => readFileSync(join(root, path), 'utf8').match(colour) ?? [];

test('colours of pages stand in one file', () => {
  expect(sources.filter((path) => path !== home && coloursIn(path).length > 0)).toEqual([]);
  expect(coloursIn(home).length).toBeGreaterThan(20);
});
