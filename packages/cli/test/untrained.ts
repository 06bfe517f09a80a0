import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { loadBackend } from '@pffnet/backends';
import { createNetwork, resolveConfig } from '@pffnet/families';
import { encodeModel } from '@pffnet/network';

/**
 * Writes a network with random weights, which find objects everywhere when nearly every score will do.
 * @param settings - of its config, as after `--set`.
 */
export async function writeUntrained(file: string, ...settings: string[]): Promise<void> {
  await loadBackend('auto');
  const few = 'instanceHead.proposals.test={"perLevelBeforeNms":100,"perLevelAfterNms":50,"total":60}';
  const config = resolveConfig({
    base: 'smoke',
    source: 'test',
    settings: [few, 'test.scoreThreshold=0.01', 'test.minScore=0.01', ...settings],
  });
  const model = createNetwork(config);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, await encodeModel(model));
  model.scope.dispose();
}
