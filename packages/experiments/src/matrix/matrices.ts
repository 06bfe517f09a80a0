import type { PaperTable } from '../paper/paper-table.ts';
import { paperTables } from '../paper/paper-tables.ts';
import type { Block, Matrix } from './matrix.ts';
import { protocols } from './protocols.ts';
import { builtVariant, builtVariants } from './variants.ts';

/** The runs of a table: its networks that are built, on its data sets. */
const blockOf = ({ rows, columns }: PaperTable): Block => ({
  variants: rows.flatMap(({ network }) => builtVariant(network ?? '') ?? []),
  protocols: protocols.filter(({ name }) => columns.some(({ protocol }) => protocol === name)),
  unbuilt: rows.flatMap(({ network, label }) =>
    network === undefined || builtVariant(network) !== undefined ? [] : [label],
  ),
  quoted: rows.flatMap(({ label, network, quotedFrom }) =>
    quotedFrom === undefined || network !== undefined ? [] : [`${label} (${quotedFrom})`],
  ),
});

const blocksOf = (...numbers: string[]): Block[] =>
  paperTables.filter(({ number }) => numbers.includes(number)).map(blockOf);

const named = (...names: string[]): Block['protocols'] => protocols.filter(({ name }) => names.includes(name));

/** Networks outside the family of PFFNet: the paper quotes their numbers, each for one data set. */
const quotedAndTrained = ['dist', 'deep-coloring', 'discriminative', 'nuclick'];

const atFullSize = { preset: 'paper', seeds: [0], settings: {} } as const;

/** The matrices that ship, by name. */
export const matrices: readonly Matrix[] = [
  ...paperTables.map((table) => ({
    name: table.name,
    about: `Table ${table.number}: ${table.title}`,
    blocks: [blockOf(table)],
    ...atFullSize,
  })),
  {
    name: 'ablation',
    about: 'Tables IX, X and XI: fusion, mask quality, consistency',
    blocks: blocksOf('IX', 'X', 'XI'),
    ...atFullSize,
  },
  {
    name: 'all',
    about: 'every table of the paper',
    blocks: paperTables.map(blockOf),
    ...atFullSize,
  },
  {
    name: 'tnbc-ablation',
    about: 'on TNBC alone, preset small: Mask R-CNN, PFFNet, without quality, without consistency, every fusion',
    preset: 'small',
    blocks: [
      {
        variants: builtVariants.filter(({ name }) =>
          ['mask-rcnn', 'pffnet', 'no-quality', 'no-consistency', 'replacement', 'summation', 'attention'].includes(
            name,
          ),
        ),
        protocols: named('tnbc'),
      },
    ],
    seeds: [0],
    settings: {},
  },
  {
    name: 'beyond-the-paper',
    about: 'networks whose numbers the paper quotes for Kumar or leaves alone, on TNBC beside PFFNet',
    blocks: [
      {
        variants: builtVariants.filter(({ name }) => ['pffnet', ...quotedAndTrained].includes(name)),
        protocols: named('tnbc'),
      },
    ],
    ...atFullSize,
  },
  {
    name: 'ci',
    about:
      'every network that is built, scaled down to minutes: synthetic cells, and patches of TNBC where it is present',
    preset: 'smoke',
    blocks: [
      { variants: builtVariants, protocols: named('cells') },
      { variants: builtVariants, protocols: named('tnbc-patches'), wherePresent: true },
    ],
    seeds: [0],
    folds: ['0'],
    settings: { training: { iterations: 60, warmup: { iterations: 10 }, validateEvery: 30 } },
  },
];
