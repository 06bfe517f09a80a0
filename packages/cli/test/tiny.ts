/** Few proposals: networks that have learned nothing find objects everywhere. */
const fewProposals = 'instanceHead.proposals.test={"perLevelBeforeNms":40,"perLevelAfterNms":20,"total":20}';

/**
 * Settings that make `smoke` as small as every branch allows: 64 x 64 patches, two steps. On an engine that is there
 * everywhere and gives the same bits each time.
 */
export const tinySettings: readonly string[] = [
  '--backend',
  'wasm',
  ...['training.iterations=2', 'training.patch.size=64', 'training.validateEvery=100', fewProposals].flatMap(
    (setting) => ['--set', setting],
  ),
];

/** The preset too, for `train`. */
export const tiny = (): string[] => ['--config', 'smoke', ...tinySettings];
