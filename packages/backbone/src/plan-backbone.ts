import { assertOptions, ConfigError } from '@pffnet/structures';
import { architectureSchema, type BackboneConfig } from './backbone-options.ts';

/** A convolution's shape. */
export interface ConvShape {
  /** Side of the kernel. */
  readonly kernel: number;
  readonly inChannels: number;
  readonly outChannels: number;
  readonly stride: number;
}

/** A convolution with the normalisation after it, by paths relative to the backbone's scope. */
export interface ConvPlan extends ConvShape {
  /** Scope of `kernel` (and of `bias` where there is no normalisation). */
  readonly conv: string;
  /** Scope of `scale` and `shift`. */
  readonly norm: string;
}

/** A convolution of the trunk and its place there. */
export interface TrunkConvPlan extends ConvPlan {
  /** 1 is the stem, 2 to 5 end in C2 to C5. */
  readonly stage: number;
  /** From 0 in its stage. */
  readonly block: number;
  /** From 1 in its block; 0 is the projection on the shortcut. */
  readonly position: number;
}

/** A residual block: its convolutions in order, and the projection where the shape changes. */
export interface BlockPlan {
  readonly convs: readonly TrunkConvPlan[];
  readonly shortcut: TrunkConvPlan | undefined;
}

/** Every convolution of a backbone, by place. */
export interface BackbonePlan {
  readonly stem: TrunkConvPlan;
  /** The blocks of the stages 2 to 5. */
  readonly stages: readonly (readonly BlockPlan[])[];
  /** Channels of C2 to C5. */
  readonly bottomUpChannels: readonly [number, number, number, number];
  /** 1x1 convolutions that bring C2 to C5 to `pyramidChannels`. */
  readonly lateral: readonly ConvPlan[];
  /** 3x3 convolutions whose results are P2 to P5. */
  readonly output: readonly ConvPlan[];
}

/** Blocks in the stages 2 to 5, by depth. */
export const BLOCK_COUNTS: Readonly<Record<BackboneConfig['depth'], readonly number[]>> = {
  18: [2, 2, 2, 2],
  34: [3, 4, 6, 3],
  50: [3, 4, 6, 3],
  101: [3, 4, 23, 3],
};

/** Convolutions in each block: two in a basic block, three in a bottleneck. */
export const blockLength = (depth: BackboneConfig['depth']): 2 | 3 => (depth < 50 ? 2 : 3);

/**
 * Lists every convolution of a backbone: the one place that knows the structure.
 * @throws ConfigError if a value of the config does not fit.
 * @remarks Source: He et al. 2016, Table 1; Lin et al. 2017 (FPN), §3.
 */
export function planBackbone(config: BackboneConfig): BackbonePlan {
  assertConfig(config);
  const { depth, width, pyramidChannels } = config;
  const planLayer = (name: string, kernel: number, inChannels: number): ConvPlan => {
    const names = { conv: `pyramid/${name}/conv`, norm: `pyramid/${name}/norm` };
    return { ...names, kernel, inChannels, outChannels: pyramidChannels, stride: 1 };
  };
  const stem = { kernel: 7, inChannels: 3, outChannels: width, stride: 2 };
  const levels = [2, 3, 4, 5];
  const channels = (stage: number): number => channelsAfter(stage, config);
  return {
    stem: { conv: 'stem/conv', norm: 'stem/norm', ...stem, stage: 1, block: 0, position: 1 },
    stages: levels.map((stage) =>
      Array.from({ length: BLOCK_COUNTS[depth][stage - 2] }, (_, block) => planBlock(stage, block, config)),
    ),
    bottomUpChannels: [channels(2), channels(3), channels(4), channels(5)],
    lateral: levels.map((level) => planLayer(`lateral${level}`, 1, channels(level))),
    output: levels.map((level) => planLayer(`output${level}`, 3, pyramidChannels)),
  };
}

/** Every convolution of the trunk, stem first. */
export function trunkConvs({ stem, stages }: BackbonePlan): TrunkConvPlan[] {
  const ofBlock = ({ convs, shortcut }: BlockPlan): TrunkConvPlan[] =>
    shortcut === undefined ? [...convs] : [shortcut, ...convs];
  return [stem, ...stages.flatMap((blocks) => blocks.flatMap(ofBlock))];
}

/** Channels inside a block of stages 2 to 5. */
const innerChannels = (stage: number, { width }: BackboneConfig): number => width * 2 ** (stage - 2);

/** Channels of a stage's result: a bottleneck gives four times what it has inside. */
function channelsAfter(stage: number, config: BackboneConfig): number {
  if (stage === 1) return config.width;
  return innerChannels(stage, config) * (blockLength(config.depth) === 2 ? 1 : 4);
}

function planBlock(stage: number, block: number, config: BackboneConfig): BlockPlan {
  const path = `stage${stage}/block${block}`;
  const stride = stage > 2 && block === 0 ? 2 : 1;
  const [first, second] = config.strideIn === '1x1' ? [stride, 1] : [1, stride];
  const entering = channelsAfter(block === 0 ? stage - 1 : stage, config);
  const inner = innerChannels(stage, config);
  const leaving = channelsAfter(stage, config);
  const basic: ConvShape[] = [
    { kernel: 3, inChannels: entering, outChannels: inner, stride },
    { kernel: 3, inChannels: inner, outChannels: leaving, stride: 1 },
  ];
  const bottleneck: ConvShape[] = [
    { kernel: 1, inChannels: entering, outChannels: inner, stride: first },
    { kernel: 3, inChannels: inner, outChannels: inner, stride: second },
    { kernel: 1, inChannels: inner, outChannels: leaving, stride: 1 },
  ];
  const shapes = blockLength(config.depth) === 2 ? basic : bottleneck;
  const convs = shapes.map((shape, index): TrunkConvPlan => {
    const position = index + 1;
    return { conv: `${path}/conv${position}`, norm: `${path}/norm${position}`, ...shape, stage, block, position };
  });
  const projection = { kernel: 1, inChannels: entering, outChannels: leaving, stride };
  const names = { conv: `${path}/shortcut/conv`, norm: `${path}/shortcut/norm` };
  const keepsShape = stride === 1 && entering === leaving;
  return { convs, shortcut: keepsShape ? undefined : { ...names, ...projection, stage, block, position: 0 } };
}

function assertConfig(config: BackboneConfig): void {
  assertOptions(architectureSchema, config, 'backbone');
  const { width, pyramidChannels, norm } = config;
  // Every other number of channels is a multiple of the width.
  if (norm.kind !== 'group' || (width % norm.groups === 0 && pyramidChannels % norm.groups === 0)) return;
  const largest = greatestCommonDivisor(width, pyramidChannels);
  throw new ConfigError(
    `backbone.norm.groups: expected a divisor of width ${width} and pyramidChannels ${pyramidChannels} (at most ${largest}), got ${norm.groups}`,
  );
}

const greatestCommonDivisor = (a: number, b: number): number => (b === 0 ? a : greatestCommonDivisor(b, a % b));
