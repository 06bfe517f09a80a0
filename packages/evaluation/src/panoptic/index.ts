/** Panoptic segmentations against the truth; apart from label maps, because it loads the formats of data sets. */
export {
  type EvaluatedPanoptic,
  evaluatePanoptic,
  type PanopticImage,
  type PanopticRequest,
  type PanopticSection,
} from './evaluate-panoptic.ts';
export { classesOfLabels, openPanoptic, panopticOfLabels, type PanopticSource } from './panoptic-source.ts';
export { panopticCsv, panopticJson, panopticText } from './panoptic-text.ts';
