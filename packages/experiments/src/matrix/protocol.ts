import type { ProfileName } from '@pffnet/network';
import type { PaperScore } from '../paper/paper-table.ts';

/** A data set and how its images are divided for training, validation and test. */
export interface Protocol {
  /** In folders and matrices: `tnbc`. */
  readonly name: string;
  /** At the head of columns. */
  readonly title: string;
  /** The settings that the paper has for its images. */
  readonly profile?: ProfileName;
  /** The scores of its tables. */
  readonly scores: readonly PaperScore[];
  readonly division: Division;
}

/** How images are divided. Folders are below the folder of all data sets. */
export type Division = CrossValidation | FixedDivision | DrawnCells;

/** Each fold in turn is the test. */
export interface CrossValidation {
  readonly kind: 'cross-validation';
  readonly folder: string;
  readonly split: SplitSource;
  /** Of the split; `fold` where absent. */
  readonly column?: string;
  readonly folds: readonly string[];
  /** Images drawn from the rest to choose the best weights by. */
  readonly validation: number;
  /** The middle square of so many pixels of every image, and of so many images at most, alone: for scaled-down runs. */
  readonly middle?: { readonly size: number; readonly testImages: number };
}

/** One division for all runs. */
export interface FixedDivision {
  readonly kind: 'fixed';
  readonly train: PartOfSplit;
  /** Images that choose the best weights: a part, or how many to draw from the training images. */
  readonly validation: PartOfSplit | number;
  readonly test: PartOfSplit & {
    /** The column of the split that names groups of test images for tables: `seen` and `unseen` organs. */
    readonly groups?: string;
  };
}

/** The images of one part of a split, or without a split all of a folder. */
export interface PartOfSplit {
  readonly folder: string;
  readonly split?: SplitSource;
  /** Of the split; `fold`, or else `part`, where absent. */
  readonly column?: string;
  readonly part?: string;
}

/** A split that comes with `@pffnet/datasets`, by name; or a table or a folder of lists below the data set's folder. */
export type SplitSource = string;

/** Synthetic cells: no data needed. */
export interface DrawnCells {
  readonly kind: 'drawn-cells';
  readonly size: number;
  readonly train: number;
  readonly validation: number;
  readonly test: number;
}

/** The folds of a protocol; one named `test` where the division is fixed. */
export const foldsOf = ({ division }: Protocol): readonly string[] =>
  division.kind === 'cross-validation' ? division.folds : ['test'];
