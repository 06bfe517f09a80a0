import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { loadBackend } from '@pffnet/backends';
import { createNetwork, resolveConfig, variantNamed } from '@pffnet/families';
import { encodeModel } from '@pffnet/network';

/** Settings by which two-stage networks that have learned nothing find objects everywhere, and not too many. */
const everywhere = [
  'instanceHead.proposals.test={"perLevelBeforeNms":100,"perLevelAfterNms":50,"total":60}',
  'test.scoreThreshold=0.01',
  'test.minScore=0.01',
];

/**
 * Writes a network with random weights, which find objects everywhere when nearly every score will do.
 * @param settings - of its config, as after `--set`.
 */
export function writeUntrained(file: string, ...settings: string[]): Promise<void> {
  return writeWithRandomWeights(file, { settings: [...everywhere, ...settings] });
}

/** Writes a network of the tables with random weights; those of two stages find objects everywhere. */
export function writeUntrainedVariant(file: string, variant: string): Promise<void> {
  const twoStages = variantNamed(variant, 'test').kind === 'two-stage';
  return writeWithRandomWeights(file, { variant, settings: twoStages ? everywhere : [] });
}

async function writeWithRandomWeights(
  file: string,
  request: { readonly variant?: string; readonly settings: readonly string[] },
): Promise<void> {
  await loadBackend('auto');
  const model = createNetwork(resolveConfig({ base: 'smoke', source: 'test', ...request }));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, await encodeModel(model));
  model.scope.dispose();
}
