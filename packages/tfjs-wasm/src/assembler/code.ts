/** Bytes of WebAssembly instructions that leave one value on the stack, or none. */
export type Code = readonly number[];

export type ValueType = 'i32' | 'i64' | 'f32' | 'f64' | 'v128';

/** A parameter or local variable of the function being written. */
export class Local {
  readonly index: number;

  constructor(index: number) {
    this.index = index;
  }

  set(value: Operand): Code {
    return [...code(value), 0x21, ...unsigned(this.index)];
  }

  /** Adds to an i32 variable. */
  increase(by: Operand): Code {
    return this.set(i32.add(this, by));
  }
}

/** Anything with a value: instructions, a variable, or an i32 constant. */
export type Operand = Code | Local | number;

/** LEB128, unsigned. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value >>> 0;
  do {
    const low = rest & 0x7f;
    rest >>>= 7;
    bytes.push(rest === 0 ? low : low | 0x80);
  } while (rest !== 0);
  return bytes;
}

/** LEB128, signed. */
export function signed(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value | 0; ;) {
    const low = rest & 0x7f;
    rest >>= 7;
    if ((rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0)) return [...bytes, low];
    bytes.push(low | 0x80);
  }
}

export function code(operand: Operand): Code {
  if (operand instanceof Local) return [0x20, ...unsigned(operand.index)];
  return typeof operand === 'number' ? [0x41, ...signed(operand)] : operand;
}

type Unary = (a: Operand) => Code;
type Binary = (a: Operand, b: Operand) => Code;
type Ternary = (a: Operand, b: Operand, c: Operand) => Code;

const unary =
  (...opcode: number[]): Unary =>
  (a) => [...code(a), ...opcode];
const binary =
  (...opcode: number[]): Binary =>
  (a, b) => [...code(a), ...code(b), ...opcode];
const ternary =
  (...opcode: number[]): Ternary =>
  (a, b, c) => [...code(a), ...code(b), ...code(c), ...opcode];
/** `align` is the logarithm of the alignment promised. */
const load =
  (align: number, ...opcode: number[]) =>
  (address: Operand, offset = 0): Code => [...code(address), ...opcode, align, ...unsigned(offset)];
const store =
  (align: number, ...opcode: number[]) =>
  (address: Operand, value: Operand, offset = 0): Code => [
    ...code(address),
    ...code(value),
    ...opcode,
    align,
    ...unsigned(offset),
  ];

/** 32-bit integers; addresses are compared without sign. */
export const i32 = {
  add: binary(0x6a),
  sub: binary(0x6b),
  mul: binary(0x6c),
  div: binary(0x6e),
  rem: binary(0x70),
  and: binary(0x71),
  or: binary(0x72),
  shl: binary(0x74),
  shr: binary(0x76),
  isZero: unary(0x45),
  eq: binary(0x46),
  ne: binary(0x47),
  lt: binary(0x49),
  gt: binary(0x4b),
  le: binary(0x4d),
  ge: binary(0x4f),
  /** `c ? a : b`, both computed. */
  select: ternary(0x1b),
  load: load(2, 0x28),
  store: store(2, 0x36),
  atomicLoad: load(2, 0xfe, 0x10),
  atomicStore: store(2, 0xfe, 0x17),
  /** Adds and leaves what was there before. */
  atomicAdd: store(2, 0xfe, 0x1e),
  fromI64: unary(0xa7),
} as const;

export const i64 = {
  const: (value: number): Code => [0x42, ...signed(value)],
  add: binary(0x7c),
  sub: binary(0x7d),
  or: binary(0x84),
  shl: binary(0x86),
  eq: binary(0x51),
  fromI32: unary(0xad),
  atomicLoad: load(3, 0xfe, 0x11),
  atomicStore: store(3, 0xfe, 0x18),
  /** Replaces `expected` and leaves what was there before. */
  atomicExchange: (address: Operand, expected: Operand, replacement: Operand): Code => [
    ...code(address),
    ...code(expected),
    ...code(replacement),
    ...[0xfe, 0x49, 3, 0],
  ],
} as const;

/** Sleeps on shared memory. */
export const atomic = {
  /** Wakes every sleeper; leaves how many. */
  wakeAll: (address: Operand): Code => [...code(address), ...code(-1), 0xfe, 0x00, 2, 0],
  /** Sleeps while the i32 at the address is `expected`. */
  sleep32: (address: Operand, expected: Operand): Code => [
    ...code(address),
    ...code(expected),
    ...i64.const(-1),
    ...[0xfe, 0x01, 2, 0, 0x1a],
  ],
  /** Sleeps while the i64 at the address is `expected`. */
  sleep64: (address: Operand, expected: Operand): Code => [
    ...code(address),
    ...code(expected),
    ...i64.const(-1),
    ...[0xfe, 0x02, 3, 0, 0x1a],
  ],
} as const;

export const f32 = {
  const: (value: number): Code => [0x43, ...new Uint8Array(new Float32Array([value]).buffer)],
  load: load(2, 0x2a),
  store: store(2, 0x38),
  add: binary(0x92),
  sub: binary(0x93),
  mul: binary(0x94),
  div: binary(0x95),
  min: binary(0x96),
  max: binary(0x97),
  gt: binary(0x5e),
  fromI32: unary(0xb2),
  select: ternary(0x1b),
} as const;

export const f64 = {
  const: (value: number): Code => [0x44, ...new Uint8Array(new Float64Array([value]).buffer)],
  store: store(3, 0x39),
  add: binary(0xa0),
  mul: binary(0xa2),
  fromF32: unary(0xbb),
} as const;

/** Four float32 at once. */
export const f32x4 = {
  load: load(2, 0xfd, 0x00),
  /** One number, four times. */
  loadSplat: load(2, 0xfd, 0x09),
  store: store(2, 0xfd, 0x0b),
  splat: unary(0xfd, 0x13),
  lane: (vector: Operand, lane: number): Code => [...code(vector), 0xfd, 0x1f, lane],
  zero: (): Code => [0xfd, 0x0c, ...new Array<number>(16).fill(0)],
  add: binary(0xfd, 0xe4, 0x01),
  sub: binary(0xfd, 0xe5, 0x01),
  mul: binary(0xfd, 0xe6, 0x01),
  div: binary(0xfd, 0xe7, 0x01),
  min: binary(0xfd, 0xe8, 0x01),
  max: binary(0xfd, 0xe9, 0x01),
  /** `a < b ? b : a`. */
  pmax: binary(0xfd, 0xeb, 0x01),
  gt: binary(0xfd, 0x44),
  and: binary(0xfd, 0x4e),
  /** Lanes 0-3 of `a` are numbered 0-3, those of `b` 4-7. */
  shuffle: (a: Operand, b: Operand, lanes: readonly [number, number, number, number]): Code => [
    ...code(a),
    ...code(b),
    0xfd,
    0x0d,
    ...lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte)),
  ],
} as const;

/** Two float64 at once. */
export const f64x2 = {
  zero: f32x4.zero,
  add: binary(0xfd, 0xf0, 0x01),
  mul: binary(0xfd, 0xf2, 0x01),
  lane: (vector: Operand, lane: number): Code => [...code(vector), 0xfd, 0x21, lane],
  /** The first two of four float32. */
  fromLowF32: unary(0xfd, 0x5f),
} as const;

/** Four i32 at once: masks and addresses. */
export const i32x4 = {
  splat: unary(0xfd, 0x11),
  zero: f32x4.zero,
  lane: (vector: Operand, lane: number): Code => [...code(vector), 0xfd, 0x1b, lane],
  /** Bits of `a` where the mask has ones, else of `b`. */
  bitSelect: ternary(0xfd, 0x52),
} as const;

/** Throws a value away. */
export const drop = (value: Operand): Code => [...code(value), 0x1a];

/** One instruction after the other. */
export const sequence = (...codes: readonly Code[]): Code => codes.flat();

/** `if (condition) then; else otherwise`. */
export const when = (condition: Operand, then: Code, otherwise: Code = []): Code => [
  ...code(condition),
  ...[0x04, 0x40],
  ...then,
  ...(otherwise.length > 0 ? [0x05, ...otherwise] : []),
  0x0b,
];

/** `do body; while (condition)`. */
export const doWhile = (body: Code, condition: Operand): Code => [
  ...[0x03, 0x40],
  ...body,
  ...code(condition),
  ...[0x0d, 0],
  0x0b,
];

/** Runs the body without end. */
export const forever = (body: Code): Code => [0x03, 0x40, ...body, 0x0c, 0, 0x0b];

/** `for (index = from; index < to; index += step) body`, compared without sign. */
export const forRange = (index: Local, from: Operand, to: Operand, body: Code, step: Operand = 1): Code =>
  sequence(index.set(from), when(i32.lt(index, to), doWhile(sequence(body, index.increase(step)), i32.lt(index, to))));

/** Fills `bytes` bytes with zero. */
export const zeroFill = (address: Operand, bytes: Operand): Code => [
  ...code(address),
  ...code(0),
  ...code(bytes),
  ...[0xfc, 0x0b, 0],
];

/** Copies `bytes` bytes. */
export const copyBytes = (to: Operand, from: Operand, bytes: Operand): Code => [
  ...code(to),
  ...code(from),
  ...code(bytes),
  ...[0xfc, 0x0a, 0, 0],
];
