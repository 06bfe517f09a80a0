import type { PaperScore } from '../paper/paper-table.ts';
import type { PartOfSplit, Protocol } from './protocol.ts';

const nuclei: readonly PaperScore[] = ['AJI', 'Dice', 'F1', 'PQ'];
const leaves: readonly PaperScore[] = ['SBD', 'Dice', 'PQ'];

const part = (folder: string, value: string): PartOfSplit => ({ folder, split: 'split.csv', column: 'split', value });

const kumarTest = [
  { ...part('kumar', 'test_seen'), group: 'seen' },
  { ...part('kumar', 'test_unseen'), group: 'unseen' },
];

/** The data sets of the paper's tables, then others of use. */
export const protocols: readonly Protocol[] = [
  {
    name: 'kumar',
    title: 'Kumar',
    profile: 'kumar',
    scores: nuclei,
    division: { kind: 'fixed', train: part('kumar', 'train'), validation: part('kumar', 'val'), test: kumarTest },
  },
  {
    name: 'tnbc',
    title: 'TNBC',
    profile: 'tnbc',
    scores: nuclei,
    division: {
      kind: 'cross-validation',
      folder: 'tnbc',
      split: 'folds.csv',
      column: 'fold_by_patient',
      folds: ['0', '1', '2'],
      validation: 4,
    },
  },
  {
    name: 'bbbc039',
    title: 'BBBC039V1',
    profile: 'bbbc039',
    scores: nuclei,
    division: {
      kind: 'fixed',
      train: part('bbbc039', 'train'),
      validation: part('bbbc039', 'val'),
      test: [part('bbbc039', 'test')],
    },
  },
  {
    name: 'cvppp',
    title: 'CVPPP',
    profile: 'cvppp',
    scores: leaves,
    division: {
      kind: 'cross-validation',
      folder: 'cvppp',
      split: 'folds.csv',
      column: 'fold',
      folds: ['0', '1', '2'],
      validation: 8,
    },
  },
  {
    name: 'cvppp-challenge',
    title: 'CVPPP challenge',
    profile: 'cvppp',
    scores: ['SBD'],
    division: {
      kind: 'fixed',
      train: part('cvppp', 'train'),
      validation: part('cvppp', 'val'),
      test: [part('cvppp', 'test')],
    },
  },
  {
    name: 'cpm17-to-kumar',
    title: 'CPM17 to Kumar',
    profile: 'kumar',
    patchesPerImage: 10,
    scores: ['AJI', 'Dice', 'SQ', 'DQ', 'PQ'],
    division: { kind: 'fixed', train: part('cpm17', 'train'), validation: 4, test: kumarTest },
  },
  {
    name: 'u2os',
    title: 'U2OS (DSB 2018)',
    profile: 'bbbc039',
    scores: nuclei,
    division: {
      kind: 'fixed',
      train: { folder: 'dsb2018', split: 'u2os_520x696_split.csv', column: 'split', value: 'train' },
      validation: { folder: 'dsb2018', split: 'u2os_520x696_split.csv', column: 'split', value: 'val' },
      test: [{ folder: 'dsb2018', split: 'u2os_520x696_split.csv', column: 'split', value: 'test' }],
    },
  },
  {
    name: 'kumar-validation',
    title: 'Kumar, validation images',
    profile: 'kumar',
    scores: nuclei,
    division: { kind: 'fixed', train: part('kumar', 'train'), validation: 2, test: [part('kumar', 'val')] },
  },
  {
    name: 'cells',
    title: 'synthetic cells',
    scores: nuclei,
    division: { kind: 'drawn-cells', size: 128, train: 24, validation: 2, test: 6 },
  },
  {
    name: 'tnbc-patches',
    title: 'TNBC, patches of 128',
    profile: 'tnbc',
    scores: nuclei,
    division: {
      kind: 'cross-validation',
      folder: 'tnbc',
      split: 'folds.csv',
      column: 'fold_by_patient',
      folds: ['0', '1', '2'],
      validation: 2,
      middle: { size: 128, testImages: 6 },
    },
  },
];
