import type { ProfileName } from '@pffnet/pffnet';
import type { PaperScore } from '../paper/paper-table.ts';

/** A data set and how its images are divided for training, validation and test. */
export interface Protocol {
  /** In folders and matrices: `tnbc`. */
  readonly name: string;
  /** At the head of columns. */
  readonly title: string;
  /** The settings that the paper has for its images. */
  readonly profile?: ProfileName;
  /** Patches per image, where the paper's differ from the profile's. */
  readonly patchesPerImage?: number;
  /** The scores of its tables. */
  readonly scores: readonly PaperScore[];
  readonly division: Division;
}

/** How images are divided. Folders are below the folder of all data sets, tables below the data set's folder. */
export type Division = CrossValidation | FixedDivision | DrawnCells;

/** Each fold in turn is the test. */
export interface CrossValidation {
  readonly kind: 'cross-validation';
  readonly folder: string;
  /** CSV with a column `name`, and its column that holds the fold. */
  readonly split: string;
  readonly column: string;
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
  readonly test: readonly (PartOfSplit & {
    /** What tables call these images: `seen`. */
    readonly group?: string;
  })[];
}

/** The images whose value in a column of a split table is the given one. */
export interface PartOfSplit {
  readonly folder: string;
  readonly split: string;
  readonly column: string;
  readonly value: string;
}

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
