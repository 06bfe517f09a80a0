import type { LabelMap } from '@pffnet/structures';
import type { Noted } from '../files/notes.ts';

/**
 * Why an object that an annotation names has no pixel in the label map.
 * - `thin`: it holds no pixel's centre; its outline is a line, or lies between centres.
 * - `covered`: other objects lie on all of it.
 * - `outside`: all of it lies beyond the edges of the image.
 * - `stray`: none of its pieces has three points: clicks.
 * - `empty`: its mask has no pixel.
 * - `crowd`: marked as a region of many objects.
 * - `erased`: a negative region lies on all of it.
 */
export type LossReason = 'thin' | 'covered' | 'outside' | 'stray' | 'empty' | 'crowd' | 'erased';

/** An object that is not in the label map. */
export interface LostObject {
  /** As the annotation calls it, such as `annotation 7`. */
  readonly name: string;
  readonly reason: LossReason;
}

/** What became of the objects that an annotation names. */
export interface AnnotationAccount {
  /** How many it names. */
  readonly named: number;
  readonly lost: readonly LostObject[];
  /** Objects that are there without some pieces, which have fewer than three points. */
  readonly strayPieces: readonly string[];
}

/** The objects of an image. */
export interface AnnotatedLabels {
  /** With what their reader noticed. */
  readonly labels: LabelMap & Noted;
  /** Absent where the file is a label map itself, which names no object beyond its pixels. */
  readonly account?: AnnotationAccount | undefined;
}
