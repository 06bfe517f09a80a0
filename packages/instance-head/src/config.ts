import type { InitialOutputs } from '@pffnet/tensor-ops';
import { ConfigError, type Geometry } from '@pffnet/structures';

/** Which anchors stand on the pyramid. */
export interface AnchorConfig {
  /** Side of the square anchor per level P2..P6, image pixels; 32, 64, 128, 256, 512 in the paper. */
  readonly sizes: readonly number[];
  /** Heights divided by widths; 0.5, 1, 2 in the paper. */
  readonly ratios: readonly number[];
}

/** How many proposals survive each step. */
export interface ProposalCounts {
  /** Highest scores of each level that enter suppression. */
  readonly perLevelBeforeNms: number;
  /** Highest scores of each level that leave it. */
  readonly perLevelAfterNms: number;
  /** Highest scores over all levels. */
  readonly total: number;
}

/** How anchors are chosen for the loss of the proposal network. */
export interface AnchorSampling {
  /** Anchors per image. */
  readonly count: number;
  /** Largest share of positives, 0..1. */
  readonly positiveFraction: number;
  /** An anchor at or above this IoU with a truth is positive. */
  readonly positiveIou: number;
  /** An anchor below this IoU with every truth is negative; those between are left out. */
  readonly negativeIou: number;
}

/** How proposals are chosen for the loss of the heads. */
export interface RoiSampling {
  /** RoIs per image. */
  readonly count: number;
  /** Largest share of positives, 0..1. */
  readonly positiveFraction: number;
  /** A proposal at or above this IoU with a truth is positive, every other negative. */
  readonly iou: number;
}

/** The mask head: the plain one of Mask R-CNN, or the dual-model generator. */
export type MaskHeadConfig =
  | { readonly kind: 'deconv'; readonly channels: number }
  | {
      readonly kind: 'dual';
      /** Width of the convolutions; the path of the fully connected layer ends at half of it. */
      readonly channels: number;
      /** Whether the fourth trunk convolution runs twice, as in the released code. */
      readonly repeatLastConv: boolean;
    };

/** How a 28x28 mask joins 14x14 features: as rows of memory, as four pixels per cell, or as their largest. */
export type MaskPacking = 'view' | 'space-to-depth' | 'maxpool';

/** The mask-quality head. */
export type QualityHeadConfig =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'mask-quality';
      readonly packing: MaskPacking;
      /** Width of the two fully connected layers; 1024 in the paper. */
      readonly hidden: number;
    };

/** Everything a user chooses about the instance branch. */
export interface InstanceHeadConfig {
  readonly anchors: AnchorConfig;
  readonly proposals: {
    /** IoU above which the lower score of two proposals of a level goes. */
    readonly nms: number;
    /** Smallest side of a proposal, image pixels. */
    readonly minSize: number;
    readonly train: ProposalCounts;
    readonly test: ProposalCounts;
  };
  readonly anchorSampling: AnchorSampling;
  readonly roiSampling: RoiSampling;
  /** `hidden`: width of the two fully connected layers; 1024 in the paper. */
  readonly box: { readonly hidden: number };
  readonly mask: MaskHeadConfig;
  readonly quality: QualityHeadConfig;
  /** Groups of every group norm; must divide the channels of every layer that has one. */
  readonly groups: number;
  /** RoIs that run through the mask and quality heads at once; through the box head, whose maps have half the rows, twice as many. */
  readonly chunk: number;
  readonly geometry: Geometry;
  /** Where the layers that predict start; `published` by default. */
  readonly initialOutputs?: InitialOutputs;
}

/** Facts that the wiring knows. */
export interface InstanceHeadSpec {
  /** Channels of P2..P6. */
  readonly pyramidChannels: number;
}

/**
 * Checks what types cannot.
 * @throws ConfigError naming the field, what was expected and what was given.
 */
export function checkInstanceHeadConfig(config: InstanceHeadConfig, { pyramidChannels }: InstanceHeadSpec): void {
  const { anchors, mask, quality, groups, chunk } = config;
  const expect = (holds: boolean, field: string, expected: string, actual: number): void => {
    if (!holds) throw new ConfigError(`instanceHead.${field}: expected ${expected}, got ${actual}`);
  };
  const whole = (field: string, value: number): void => {
    expect(Number.isInteger(value) && value >= 1, field, 'a whole number of at least 1', value);
  };
  const divided = (field: string, channels: number): void => {
    whole(field, channels);
    expect(channels % groups === 0, field, `a number of channels that ${groups} groups divide`, channels);
  };
  expect(anchors.sizes.length === 5, 'anchors.sizes', 'one size for each of P2..P6', anchors.sizes.length);
  expect(anchors.ratios.length >= 1, 'anchors.ratios', 'at least one ratio', anchors.ratios.length);
  whole('groups', groups);
  whole('chunk', chunk);
  divided('box.hidden', config.box.hidden);
  divided('mask.channels', mask.channels);
  if (mask.kind === 'dual') divided('mask.channels / 2', mask.channels / 2);
  if (quality.kind === 'mask-quality') {
    divided('quality.hidden', quality.hidden);
    divided('quality (as wide as the pyramid)', pyramidChannels);
  }
}
