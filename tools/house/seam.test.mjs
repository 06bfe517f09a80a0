import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { ESLint } from 'eslint';

const root = fileURLToPath(new URL('../..', import.meta.url));
const eslint = new ESLint({ cwd: root });

/** The rules that a line of code would break in a file of a package. */
async function broken(path, line) {
  const [{ messages }] = await eslint.lintText(`${line}\n`, { filePath: join(root, path) });
  return messages.map(({ ruleId }) => ruleId).filter((rule) => rule?.startsWith('no-restricted'));
}

describe('whoever trains, tests or reports a network knows its role alone', () => {
  test.each(['run-folder', 'training', 'runs', 'cli', 'experiments'])(
    'lint refuses the families in %s',
    async (name) => {
      const path = `packages/${name}/src/index.ts`;
      for (const family of ['pffnet', 'dist-network', 'pixel-networks']) {
        expect(await broken(path, `export { presets } from '@pffnet/${family}';`)).toEqual(['no-restricted-imports']);
      }
      for (const word of [
        'Pffnet',
        'createPffnet',
        'computeLosses',
        'supervise',
        'createDist',
        'createDeepColoring',
        'createDiscriminative',
        'createNuclick',
      ]) {
        expect(await broken(path, `export const x = ${word};`)).toEqual(['no-restricted-syntax']);
      }
      expect(await broken(path, "export { predict } from '@pffnet/network';")).toEqual([]);
    },
  );

  test('and allows it where networks are put together', async () => {
    expect(await broken('packages/families/src/families.ts', "import { createPffnet } from '@pffnet/pffnet';")).toEqual(
      [],
    );
  });
});
