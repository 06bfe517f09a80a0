import type { Kind } from '@pffnet/structures';
import type { ParamScope } from '@pffnet/tensor-ops';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { type ConvBlock, convBlock } from './conv-block.ts';

/** Cells along each side of the features that the mask and quality heads read. */
export const MASK_FEATURE_SIDE = 14;

/** Cells along each side of a predicted mask. */
export const MASK_SIDE = 2 * MASK_FEATURE_SIDE;

/** RoI features [n, 14, 14, c] -> mask logits [n, 28, 28, 2], background and foreground. */
export type MaskHead = (features: Tensor4D) => Tensor4D;

/** A mask head's shape. */
export interface MaskHeadSpec {
  /** Channels of the pyramid. */
  readonly inChannels: number;
  /** Channels of the head's convolutions. */
  readonly channels: number;
  readonly groups: number;
}

/** Everything about one kind of mask head, in its own file; `mask-heads.ts` lists them. */
export interface MaskHeadKind extends Kind {
  /** Channels of its layers with group norm, by name: their groups must divide them. */
  normalized(config: never): Readonly<Record<string, number>>;
  /** @param scope - where its parameters are declared. */
  create(scope: ParamScope, spec: Omit<MaskHeadSpec, 'channels'>, config: never): MaskHead;
}

/** The four convolutions with which every mask head begins, in order. */
export function maskTrunk(scope: ParamScope, { inChannels, channels, groups }: MaskHeadSpec): ConvBlock[] {
  return ['first', 'second', 'third', 'fourth'].map((name, index) =>
    convBlock(scope.child(name), { inChannels: index === 0 ? inChannels : channels, outChannels: channels, groups }),
  );
}
