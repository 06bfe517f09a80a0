export { assertOptions, expectationOf, type SchemaIssue, valueAt } from './assert-options.ts';
export { type BoxWeights, clipBoxes, decodeBoxes, encodeBoxes } from './box-codec.ts';
export { boxArea, pairwiseIou, writeIou } from './box-iou.ts';
export { levelOfBoxes, type LevelRule } from './box-levels.ts';
export { boxCount, type Boxes, boxesOfLabels, GEOMETRIES, type Geometry } from './boxes.ts';
export { concatenate } from './concatenate.ts';
export type { Contour, Polygon, Ring } from './contour.ts';
export type { Detections } from './detections.ts';
export type {
  EngineKernel,
  EngineKernelAttributes,
  EngineKernels,
  FusedGroupNormalizeAttributes,
  GroupNormalizeAttributes,
  RoiAlignAttributes,
  RoiAlignGradAttributes,
  SgdUpdateAttributes,
} from './engine-kernels.ts';
export { ConfigError, DataError, DeviceError, InputError, ShapeError } from './errors.ts';
export { type Kind, kindNamed, listed, nameOfKind, schemasOf } from './kinds.ts';
export { labelComponents } from './label-components.ts';
export { compactLabels, type LabelMap, labelMap, objectIds } from './label-map.ts';
export { type Listener, nobody, type Progress } from './listener.ts';
export { nonMaxSuppression, type SuppressionOptions } from './nms.ts';
export { quantile } from './quantile.ts';
export { hashName, type RandomState, type RandomStream, randomStream, resumeStream, shuffle } from './random.ts';
export { type RankedIds, rankIds } from './rank-ids.ts';
export { resizeImage, resizeLabels, resizeValues } from './resize-image.ts';
export type { RgbImage, RgbPixels } from './rgb-image.ts';
export { scaleImage } from './scale-image.ts';
export type { Segments } from './segments.ts';
export { scaledSize, type Size } from './size.ts';
