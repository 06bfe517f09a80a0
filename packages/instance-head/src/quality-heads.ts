import { kindNamed, schemasOf } from '@pffnet/structures';
import * as z from 'zod';
import { maskQuality, type QualityHeadKind } from './quality-head.ts';

/** The kinds of quality heads: schemas, types and messages derive from this list. */
export const qualityHeads = [maskQuality] as const;

const noQualityHead = z.strictObject({ kind: z.literal('none') }).describe('the class score alone is the confidence');

/** Which quality head, and its options. */
export const qualityHeadSchema = z
  .discriminatedUnion('kind', [noQualityHead, ...schemasOf(qualityHeads)])
  .describe('the branch that predicts how good a mask is');

/** Which quality head, and its options, as a config says it. */
export type QualityHeadConfig = z.infer<typeof qualityHeadSchema>;

/** @throws ConfigError if there is no such kind. */
export const qualityHeadNamed = (name: string): QualityHeadKind =>
  kindNamed(qualityHeads, name, 'instanceHead.quality.kind');
