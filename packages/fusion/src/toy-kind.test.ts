import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from '@jest/globals';
import { ParamScope } from '@pffnet/tensor-ops';
import { ones, type Tensor4D, zeros } from '@tensorflow/tfjs-core';
import '@pffnet/tensor-ops/testing';
import type * as Fusion from './index.ts';

const source = fileURLToPath(new URL('.', import.meta.url));
const copies = fileURLToPath(new URL('../out-tsc/toy/', import.meta.url));
afterAll(() => {
  rmSync(copies, { recursive: true, force: true });
});

/** The mean of the map and the summed logits: a kind that nobody has. */
const average = `import { add, mul } from '@tensorflow/tfjs-core';
import type { ParamScope } from '@pffnet/tensor-ops';
import * as z from 'zod';
import type { FusionKind, InContext } from './fusion-kind.ts';
import { pastingOptions } from './fusion-options.ts';
import { PastingFusion } from './pasting-fusion.ts';
import { rule } from './summation.ts';

const schema = z.strictObject({ kind: z.literal('average'), ...pastingOptions }).describe('(F + M) / 2');

export const average = {
  schema,
  create: (scope: ParamScope, config: InContext<typeof schema>) =>
    new PastingFusion(scope, config, { ...rule, apply: (map, effect) => mul(0.5, add(map, effect)) }),
} satisfies FusionKind;
`;

/** What adding a kind changes: file by file, from its text before. */
const changes: Readonly<Record<string, (before: string) => string>> = {
  'average.ts': () => average,
  'fusions.ts': (before) =>
    `import { average } from './average.ts';\n${before.replace('residualAttention] as const', 'residualAttention, average] as const')}`,
};

/** A copy of this package's source with some of the changes, loaded. */
async function changed(name: string, files: readonly string[]): Promise<typeof Fusion> {
  const folder = join(copies, name);
  cpSync(source, folder, { recursive: true, filter: (file) => !file.endsWith('.test.ts') });
  for (const file of files) {
    const path = join(folder, file);
    const before = file === 'average.ts' ? '' : readFileSync(path, 'utf8');
    const after = changes[file]!(before);
    expect(after).not.toBe(before);
    writeFileSync(path, after);
  }
  return (await import(pathToFileURL(join(folder, 'index.ts')).href)) as typeof Fusion;
}

const config = { kind: 'average', head: 'none', detachMask: false, window: 'exact', geometry: 'continuous' };

describe('a kind of fusion is its own file and one line in the list', () => {
  test('then configs and messages know it, and it fuses', async () => {
    const { createFusion, fusionSchema } = await changed('whole', Object.keys(changes));
    const options = fusionSchema.parse({ kind: 'average' });
    expect(options).toEqual({ kind: 'average', head: 'refine', detachMask: false, window: 'exact' });
    expect(() => createFusion(ParamScope.root(0), { ...config, kind: 'averag' } as never)).toThrow(
      'fusion.kind: expected none, replacement, summation, attention, residual-attention or average, got averag',
    );
    const fusion = createFusion(ParamScope.root(0), config as never);
    const features: Tensor4D = ones([1, 4, 4, 2]);
    const fused = fusion.fuse({ features, maskLogits: zeros([1, 28, 28, 2]), boxes: Float32Array.of(1, 1, 3, 3) });
    expect(fused).toBeAllClose(new Float32Array(32).fill(0.5), { atol: 1e-6, rtol: 0 });
  });

  test('without the line nobody knows it', async () => {
    const { fusionSchema } = await changed('without-line', ['average.ts']);
    expect(fusionSchema.safeParse({ kind: 'average' }).success).toBe(false);
  });

  test('without the file nothing loads', async () => {
    await expect(changed('without-file', ['fusions.ts'])).rejects.toThrow('average.ts');
  });
});
