import { kindNamed, schemasOf } from '@pffnet/structures';
import type { ParamScope } from '@pffnet/tensor-ops';
import * as z from 'zod';
import { deconv } from './deconv-mask-head.ts';
import { dual } from './dual-mask-head.ts';
import type { MaskHead, MaskHeadKind, MaskHeadSpec } from './mask-trunk.ts';

/** The kinds of mask heads: schemas, types and messages derive from this list. */
export const maskHeads = [deconv, dual] as const;

/** Which mask head, and its options. */
export const maskHeadSchema = z.discriminatedUnion('kind', schemasOf(maskHeads)).describe('the mask head');

/** Which mask head, and its options, as a config says it. */
export type MaskHeadConfig = z.infer<typeof maskHeadSchema>;

/** @throws ConfigError if there is no such kind. */
export const maskHeadNamed = (name: string): MaskHeadKind => kindNamed(maskHeads, name, 'instanceHead.mask.kind');

/** Makes the mask head that a config names. */
export const createMaskHead = (
  scope: ParamScope,
  spec: Omit<MaskHeadSpec, 'channels'>,
  config: MaskHeadConfig,
): MaskHead => maskHeadNamed(config.kind).create(scope, spec, config as never);
