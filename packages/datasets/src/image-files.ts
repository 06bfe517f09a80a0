/*
 * Files of images and label maps, the names that pair them, and splits, without the formats and layouts of data sets: what
 * `pffnet predict` and `evaluate` need, from less than half as many files.
 */
export { LabelReview } from './annotations/label-review.ts';
export type { ChannelChoice } from './files/choose-channel.ts';
export { decodePixels } from './files/decode-pixels.ts';
export { encodePng, encodeWebp } from './files/encode-image.ts';
export { listImages, listLabelMaps, type NamedFile } from './files/list-files.ts';
export type { Noted } from './files/notes.ts';
export { pairingName } from './files/pairing-name.ts';
export type { Pixels } from './files/pixels.ts';
export { readImage, type ReadImageOptions, rgbPixelsOf } from './files/read-image.ts';
export { readLabelMap } from './files/read-label-map.ts';
export { type IntensityScaling, usualPercentiles } from './files/scale-intensities.ts';
export { writeAtomically } from './files/write-atomically.ts';
export { writeImage } from './files/write-image.ts';
export { writeLabelMap } from './files/write-label-map.ts';
export { nearestName, someNames } from './nearest-name.ts';
export { writeOverlay } from './overlay/write-overlay.ts';
export type { Dataset, Sample } from './sample.ts';
export { sayNotes } from './say-notes.ts';
export { type Point, readPoints } from './points/read-points.ts';
export { readSplit, shippedSplits, type Split } from './splits/read-split.ts';
export { type ImageKind, imageKind } from './survey/image-kind.ts';
