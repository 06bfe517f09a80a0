import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { factsOfMetadata } from '@pffnet/models';
import { decodeSafetensors, encodeSafetensors } from '@pffnet/structures/safetensors';
import { pffnet, refusal } from './run-pffnet.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { tiny } from './tiny.ts';
import { writeUntrained } from './untrained.ts';
import { writeCells } from './write-data.ts';

const path = temporaryFolder();
const [cells, run, packed] = [path('cells'), path('run'), path('cells.safetensors')];
const packing = (...more: string[]): string[] => ['model', 'pack', '--backend', 'wasm', ...more];
const predicting = (model: string): string[] => [
  ...['predict', '--backend', 'wasm', '--model', model, '--out', path('predicted')],
  path('cells', 'images', 'synthetic_000.png'),
];

beforeAll(async () => {
  await writeCells(cells, { count: 3 });
  const names = ['synthetic_000,train', 'synthetic_001,train', 'synthetic_002,test'];
  writeFileSync(path('split.csv'), `name,part\n${names.join('\n')}\n`);
  const division = ['--split', path('split.csv'), '--fold', 'test', '--validation', '1'];
  expect((await pffnet('train', ...tiny(), ...division, '--data', cells, '--out', run)).code).toBe(0);
  expect((await pffnet(...packing(run, '--out', packed))).code).toBe(0);
}, 120_000);

describe('model pack', () => {
  test('writes a file without the parts that only teach, and says what is in it', async () => {
    const { code, out, said } = await pffnet(...packing(run, '--name', 'drawn', '--out', path('named.safetensors')));
    expect([code, out]).toEqual([0, '']);
    expect(said).toEqual([
      expect.stringMatching(/^drawn: brightfield images, \d+ objects?, median diameter \d+\.\d pixels$/),
      'settings of prediction: those of the training',
      expect.stringMatching(/named\.safetensors: [\d,]+ bytes \(before: [\d,]+\), [\d,]+ of [\d,]+ parameters$/),
    ]);
    const { tensors, metadata } = decodeSafetensors(readFileSync(path('named.safetensors')), 'named');
    expect([...tensors.keys()].filter((key) => /^(scale\/)?(semantic|map|fusion)\//.test(key))).toEqual([]);
    const facts = factsOfMetadata(metadata, 'named');
    expect(facts).toMatchObject({
      name: 'drawn',
      images: 'brightfield',
      // Where it was trained, without the folders of this machine.
      origin: { data: { folder: 'cells', test: ['synthetic_002'] }, command: expect.stringContaining('--out run') },
    });
    expect(JSON.stringify(metadata)).not.toContain(path());
  });

  test('takes the rule that the run was tuned to', async () => {
    cpSync(run, path('tuned'), { recursive: true });
    writeFileSync(path('tuned', 'tuned.json'), '{ "test": { "minScore": 0.15 } }');
    const { said } = await pffnet(...packing(path('tuned'), '--out', path('tuned.safetensors')));
    expect(said[1]).toBe(`settings of prediction: ${path('tuned', 'tuned.json')}`);
    const { metadata } = decodeSafetensors(readFileSync(path('tuned.safetensors')), 'tuned');
    expect(JSON.parse(metadata['config']!)).toMatchObject({ test: { minScore: 0.15 } });
  });

  test('measures on the test images of the run what it costs', async () => {
    const { code, out } = await pffnet(...packing(run, '--out', path('measured.safetensors'), '--measure'));
    expect(code).toBe(0);
    expect(out).toMatch(/^ +AJI +PQ\nbefore packing +\S+ +\S+\npacked +\S+ +\S+\nlost +\S+ +\S+\nmeans of 1 image on /);
  });

  test('asks for images where weights do not say what they learned from', async () => {
    await writeUntrained(path('weights.safetensors'));
    const call = packing(path('weights.safetensors'), '--out', path('x.safetensors'));
    expect(await refusal(...call)).toEqual([
      2,
      `pffnet: --model ${path('weights.safetensors')}: a weights file does not say which images it was trained on; give their folder with --data`,
    ]);
    expect((await pffnet(...call, '--data', cells)).code).toBe(0);
  });
});

describe('a packed model', () => {
  test('finds what the run finds, nearly', async () => {
    const model = path('loose.safetensors');
    await writeUntrained(model);
    await pffnet(...packing(model, '--data', cells, '--out', path('loose-packed.safetensors')));
    const found = async (file: string): Promise<number> => {
      const { out } = await pffnet(...predicting(file), '--json', '-');
      return (JSON.parse(out) as [{ instances: unknown[] }])[0].instances.length;
    };
    const [before, after] = [await found(model), await found(path('loose-packed.safetensors'))];
    expect(before).toBeGreaterThan(2);
    expect(Math.abs(after - before)).toBeLessThanOrEqual(0.2 * before);
  });

  test('that one byte has changed in is refused, in one line', async () => {
    const bytes = readFileSync(packed);
    bytes[bytes.length - 100]! ^= 1;
    writeFileSync(path('changed.safetensors'), bytes);
    expect(await refusal(...predicting(path('changed.safetensors')))).toEqual([
      2,
      expect.stringMatching(/^pffnet: \S+changed\.safetensors: its content has changed since it was written \(sha256 /),
    ]);
  });

  test.each<[string, (metadata: Record<string, string>) => void, string]>([
    ['of a newer version', (m) => (m['format'] = 'pffnet-packed-2'), 'is of format pffnet-packed-2, and this version'],
    ['without its hash', (m) => delete m['sha256'], 'lacks its hash'],
    ['of other people', (m) => delete m['config'], 'holds no config; expected weights that pffnet train wrote'],
  ])('%s is refused, in one line', async (_, change, why) => {
    const { tensors, metadata } = decodeSafetensors(readFileSync(packed), 'packed');
    const changed = { ...metadata };
    change(changed);
    mkdirSync(path('other'), { recursive: true });
    writeFileSync(path('other', 'm.safetensors'), encodeSafetensors({ tensors, metadata: changed }));
    expect(await refusal(...predicting(path('other', 'm.safetensors')))).toEqual([
      2,
      expect.stringContaining(`pffnet: ${path('other', 'm.safetensors')}: ${why}`),
    ]);
  });

  test('cut short is refused, in one line', async () => {
    writeFileSync(path('short.safetensors'), readFileSync(packed).subarray(0, 20_000));
    expect(await refusal(...predicting(path('short.safetensors')))).toEqual([
      2,
      expect.stringMatching(/not a safetensors file \(.+\); save it again$/),
    ]);
  });
});
