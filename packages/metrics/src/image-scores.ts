/** Every score of one image, as `pffnet evaluate --json` writes it. Null where a score is undefined. */
export interface ImageScores {
  readonly name: string;
  readonly truthCount: number;
  readonly predictedCount: number;
  /** A prediction may serve several true objects (Kumar, HoVer-Net). */
  readonly aji: number | null;
  /** One-to-one pairing of largest total IoU. */
  readonly ajiPlus: number | null;
  /** Each prediction once, in ascending order of true ids (Eq. 7 and 8). */
  readonly ajiOnce: number | null;
  /** The released evaluator with its quirk: compare the paper's tables with this one. */
  readonly ajiOnceLegacy: number | null;
  /** Foreground pixels. */
  readonly dice: number | null;
  /** Dice added up over all overlapping pairs ("DICE2"). */
  readonly ensembleDice: number | null;
  /** Object F1: more than half of the true object covered. */
  readonly f1: number | null;
  readonly dq: number | null;
  readonly sq: number | null;
  readonly pq: number | null;
  /** Symmetric best Dice. */
  readonly sbd: number | null;
  /** Best Dice, mean over the true objects. */
  readonly bestDiceTruth: number | null;
  /** Best Dice, mean over the predictions; Table VI prints it as SBD. */
  readonly bestDicePredicted: number | null;
  /** Predicted minus true objects (DiC). */
  readonly countDifference: number;
  /** Its size, |DiC|: its mean does not cancel out between images with too many and too few. */
  readonly absoluteCountDifference: number;
}

/** A column of a table of scores. */
export type ScoreName = Exclude<keyof ImageScores, 'name'>;

/** The columns in the order in which they are printed. */
export const scoreNames: readonly ScoreName[] = [
  'truthCount',
  'predictedCount',
  'aji',
  'ajiPlus',
  'ajiOnce',
  'ajiOnceLegacy',
  'dice',
  'ensembleDice',
  'f1',
  'dq',
  'sq',
  'pq',
  'sbd',
  'bestDiceTruth',
  'bestDicePredicted',
  'countDifference',
  'absoluteCountDifference',
];
