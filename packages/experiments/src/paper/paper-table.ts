import type { ScoreName } from '@pffnet/metrics';

/** A score as the paper's tables name it. */
export type PaperScore = 'AJI' | 'Dice' | 'F1' | 'PQ' | 'SBD' | 'DQ' | 'SQ';

/** A table of the paper: its layout and its published numbers. */
export interface PaperTable {
  /** Roman, as printed. */
  readonly number: string;
  /** The matrix of its runs: `table-ix`. */
  readonly name: string;
  readonly title: string;
  readonly columns: readonly PaperColumn[];
  readonly rows: readonly PaperRow[];
  /** What a reader has to know to compare. */
  readonly remarks: readonly string[];
}

/** A column: a score on a data set, or on a part of its test images. */
export interface PaperColumn {
  /** A name in {@link protocols}. */
  readonly protocol: string;
  readonly score: PaperScore;
  /** Our score that was computed as the paper's was. */
  readonly ours: ScoreName;
  /** Test images of one group alone: Kumar's `seen` or `unseen` organs. */
  readonly group?: string;
}

/** A row: a network that is trained, a method whose numbers the paper quotes, or one that it quotes and we train. */
export interface PaperRow {
  readonly label: string;
  /** A network in `variants`, or where it is not built, the name that it will have. */
  readonly network?: string;
  /** The paper did not train this row: where it took the numbers from. */
  readonly quotedFrom?: string;
  /** Published means by column; null where the paper has none. */
  readonly mean: readonly (number | null)[];
  /** Published standard deviations over images. */
  readonly std?: readonly (number | null)[];
}

/** The score of ours that stands beside a score of the paper: its tables were made with the released evaluator. */
export const oursFor: Readonly<Record<PaperScore, ScoreName>> = {
  AJI: 'ajiOnceLegacy',
  Dice: 'dice',
  F1: 'f1',
  PQ: 'pq',
  // The released evaluator computes one direction of it (sources.md row 28).
  SBD: 'bestDicePredicted',
  DQ: 'dq',
  SQ: 'sq',
};
