/*
 * Files of images and label maps, the names that pair them, and splits, without the formats and layouts of data sets: what
 * `pffnet evaluate` needs, which is there in half the time without the rest.
 */
export { LabelReview } from './annotations/label-review.ts';
export type { ChannelChoice } from './files/choose-channel.ts';
export { encodePng, encodeWebp } from './files/encode-image.ts';
export { listImages, listLabelMaps, type NamedFile } from './files/list-files.ts';
export type { Noted } from './files/notes.ts';
export { pairingName } from './files/pairing-name.ts';
export { readImage, type ReadImageOptions } from './files/read-image.ts';
export { readLabelMap } from './files/read-label-map.ts';
export { writeAtomically } from './files/write-atomically.ts';
export { someNames } from './nearest-name.ts';
export { sayNotes } from './say-notes.ts';
export { readSplit, shippedSplits, type Split } from './splits/read-split.ts';
