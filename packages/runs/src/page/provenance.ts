import { familyOf } from '@pffnet/families';
import type { NetworkConfig } from '@pffnet/network';
import { counted } from '@pffnet/pages/text';
import type { RunFacts } from '@pffnet/run-folder';

/** What produced a result. */
export interface Provenance {
  readonly config: NetworkConfig;
  readonly facts: RunFacts;
  /** How long it took, in words. */
  readonly time: string;
  /** The step whose weights were the best on the validation images. */
  readonly bestStep: number;
}

/** Where a run's numbers come from, as names and values. */
export function provenance({ config, facts, time, bestStep }: Provenance): [string, string][] {
  const { training } = config;
  const { train, validation, test, hash } = facts.data;
  return [
    ['network', `preset ${config.preset}, fidelity ${config.fidelity}`],
    ['start', `${familyOf(config).start?.fileOf(config) ?? 'random'} weights, seed ${config.seed}`],
    [
      'training',
      `${counted(training.iterations, 'step')} of one ${training.patch.size} x ${training.patch.size} patch; weights of step ${bestStep}, ${validation.length === 0 ? 'the last' : 'the best on the validation images'}`,
    ],
    [
      'data',
      `${facts.data.folder}: ${counted(train.length, 'image')} to learn from, ${validation.length} for validation, ${test.length} for the test; SHA-256 ${hash.slice(0, 12)}…`,
    ],
    ['engine', facts.engine],
    ['time', time],
    ['command', facts.command],
    [
      'versions',
      Object.entries(facts.versions)
        .map(([name, version]) => `${name} ${version}`)
        .join(', '),
    ],
    ['commit', facts.commit ?? 'none: not in a repository'],
  ];
}
