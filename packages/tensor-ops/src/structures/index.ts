export { type Boxes, boxesOfLabels, type Geometry } from './boxes.ts';
export type { Detections } from './detections.ts';
export { ConfigError, DataError, InputError, ShapeError } from './errors.ts';
export { compactLabels, type LabelMap, labelMap, objectIds } from './label-map.ts';
export { hashName, type RandomState, type RandomStream, randomStream, resumeStream, shuffle } from './random.ts';
export type { RgbImage } from './rgb-image.ts';
