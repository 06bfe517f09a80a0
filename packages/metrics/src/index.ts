export { aji, ajiOnce, ajiOnceLegacy, ajiPlus, type LegacyNumbering } from './aji.ts';
export { bestDicePredicted, bestDiceTruth, countDifference, symmetricBestDice } from './best-dice.ts';
export { type CompareOptions, compareScores, type ScoreComparison } from './compare-scores.ts';
export { bestIou } from './best-iou.ts';
export { type CvpppScores, cvpppStrict } from './cvppp-strict.ts';
export { dice, ensembleDice } from './dice.ts';
export { type ImageScores, type ScoreName, scoreNames } from './image-scores.ts';
export { matchObjects } from './match-objects.ts';
export { type DetectionCounts, objectF1, objectF1Counts } from './object-f1.ts';
export { type OverlapTable, overlapTable } from './overlap-table.ts';
export {
  matchedPredictions,
  type PanopticCounts,
  type PanopticOptions,
  type PanopticQuality,
  panopticQuality,
} from './panoptic-quality.ts';
export type { Ratio } from './ratio.ts';
export { assertSameSize, scoreImage } from './score-image.ts';
export {
  addSegmentCounts,
  type MeanQuality,
  type SegmentCounts,
  segmentCounts,
  type SegmentQuality,
  segmentQuality,
} from './segment-quality.ts';
export { defaultPolicy, definedScore, type ScorePolicy } from './score-policy.ts';
export { type BootstrapInterval, bootstrapInterval, type BootstrapOptions } from './statistics/bootstrap-interval.ts';
export { studentTTail } from './statistics/distributions.ts';
export { holm } from './statistics/holm.ts';
export {
  mixedBootstrapInterval,
  type MixedBootstrapOptions,
  type Observations,
} from './statistics/mixed-bootstrap-interval.ts';
export { type Alternative, type PairedTTest, pairedTTest } from './statistics/paired-t-test.ts';
export { type WilcoxonMethod, type WilcoxonSignedRank, wilcoxonSignedRank } from './statistics/wilcoxon-signed-rank.ts';
export { pooledScores, type ScoreRow, summarise, type Summary } from './summarise.ts';
export { addTallies, scoresOf, type Tally, tallyOverlaps } from './tally.ts';
