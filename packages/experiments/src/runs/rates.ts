/** How fast a preset was, measured. */
export interface Rate {
  /** The family that it is a preset of. */
  readonly kind: string;
  readonly preset: string;
  readonly engine: string;
  readonly secondsPerStep: number;
  /** Side of the patch that was measured: the time of a step is taken to grow with the patch's pixels. */
  readonly patch: number;
  /** Of prediction by an untrained network, which is slow: it finds objects everywhere. Null where not measured. */
  readonly secondsPerMegapixel: number | null;
  readonly machine: string;
}

const machine = '2 cores of an AMD EPYC, AVX-512, load 4';

/** The table of docs/performance.md, as data. */
export const rates: readonly Rate[] = [
  {
    kind: 'two-stage',
    preset: 'smoke',
    engine: 'wasm',
    secondsPerStep: 0.26,
    patch: 128,
    secondsPerMegapixel: 20.4,
    machine,
  },
  {
    kind: 'two-stage',
    preset: 'smoke',
    engine: 'onednn',
    secondsPerStep: 0.17,
    patch: 128,
    secondsPerMegapixel: 12.8,
    machine,
  },
  {
    kind: 'two-stage',
    preset: 'small',
    engine: 'wasm',
    secondsPerStep: 1.93,
    patch: 256,
    secondsPerMegapixel: 21.5,
    machine,
  },
  {
    kind: 'two-stage',
    preset: 'small',
    engine: 'onednn',
    secondsPerStep: 0.65,
    patch: 256,
    secondsPerMegapixel: 22.1,
    machine,
  },
  {
    kind: 'two-stage',
    preset: 'paper',
    engine: 'wasm',
    secondsPerStep: 42,
    patch: 256,
    secondsPerMegapixel: null,
    machine: '2 cores of an AMD EPYC, AVX-512, load 9',
  },
];

/** Parameters by kind and preset: for two-stage networks PFFNet's; most of its rivals have fewer. */
export const parameterCounts: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'two-stage': { smoke: 3_748_072, small: 20_884_952, paper: 105_036_312 },
};
