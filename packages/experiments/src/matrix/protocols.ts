import type { PaperScore } from '../paper/paper-table.ts';
import type { PartOfSplit, Protocol } from './protocol.ts';

const nuclei: readonly PaperScore[] = ['AJI', 'Dice', 'F1', 'PQ'];
const leaves: readonly PaperScore[] = ['SBD', 'Dice', 'PQ'];

const part = (folder: string, split: string, name: string): PartOfSplit => ({ folder, split, part: name });

const kumarTest = { ...part('kumar', 'kumar', 'test'), column: 'part', groups: 'group' };

/** The data sets of the paper's tables, then others of use. */
export const protocols: readonly Protocol[] = [
  {
    name: 'kumar',
    title: 'Kumar',
    profile: 'kumar',
    scores: nuclei,
    division: {
      kind: 'fixed',
      train: part('kumar', 'kumar', 'train'),
      validation: part('kumar', 'kumar', 'validation'),
      test: kumarTest,
    },
  },
  {
    name: 'tnbc',
    title: 'TNBC',
    profile: 'tnbc',
    scores: nuclei,
    division: {
      kind: 'cross-validation',
      folder: 'tnbc',
      split: 'tnbc',
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
      train: part('bbbc039', 'metadata', 'train'),
      validation: part('bbbc039', 'metadata', 'validation'),
      test: part('bbbc039', 'metadata', 'test'),
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
      split: 'cvppp',
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
      train: { ...part('cvppp', 'cvppp', 'train'), column: 'part' },
      validation: { ...part('cvppp', 'cvppp', 'validation'), column: 'part' },
      test: { folder: 'cvppp-test' },
    },
  },
  {
    name: 'cpm17-to-kumar',
    title: 'CPM17 to Kumar',
    profile: 'cpm17',
    scores: ['AJI', 'Dice', 'SQ', 'DQ', 'PQ'],
    division: { kind: 'fixed', train: { folder: 'cpm17/train' }, validation: 4, test: kumarTest },
  },
  {
    name: 'u2os',
    title: 'U2OS (DSB 2018)',
    profile: 'bbbc039',
    scores: nuclei,
    division: {
      kind: 'fixed',
      train: part('dsb2018', 'dsb2018-u2os', 'train'),
      validation: part('dsb2018', 'dsb2018-u2os', 'validation'),
      test: part('dsb2018', 'dsb2018-u2os', 'test'),
    },
  },
  {
    name: 'kumar-validation',
    title: 'Kumar, validation images',
    profile: 'kumar',
    scores: nuclei,
    division: {
      kind: 'fixed',
      train: part('kumar', 'kumar', 'train'),
      validation: 2,
      test: part('kumar', 'kumar', 'validation'),
    },
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
      split: 'tnbc',
      folds: ['0', '1', '2'],
      validation: 2,
      middle: { size: 128, testImages: 6 },
    },
  },
];
