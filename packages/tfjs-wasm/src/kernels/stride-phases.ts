/** One axis of a convolution. */
export interface Axis {
  readonly inputs: number;
  readonly outputs: number;
  readonly taps: number;
  readonly stride: number;
  /** Zeros before the first input. */
  readonly pad: number;
}

/** The inputs of one phase along an axis: those at `firstInput`, `firstInput + stride`, ... */
export interface Phase {
  readonly firstInput: number;
  readonly count: number;
  /** Taps that reach these inputs: `lastTap`, `lastTap - stride`, ... in the order of the outputs that use them. */
  readonly taps: number;
  readonly lastTap: number;
  /** The output, counted in the padded outputs, that reaches the first input through `lastTap`. */
  readonly firstOutput: number;
}

/** An axis seen from its inputs, the outputs padded so that every phase finds its neighbours. */
export interface Phases {
  readonly phases: readonly Phase[];
  readonly padBefore: number;
  readonly padded: number;
}

/**
 * Splits the inputs of an axis by their position modulo the stride. Input i hears from output o through tap
 * t = i + pad - stride * o, so only through the taps with t = i + pad modulo the stride.
 */
export function phasesOf({ inputs, outputs, taps, stride, pad }: Axis): Phases {
  const raw = Array.from({ length: Math.min(stride, inputs) }, (_, firstInput) => {
    const firstTap = (firstInput + pad) % stride;
    const tapCount = Math.max(0, Math.ceil((taps - firstTap) / stride));
    const count = Math.ceil((inputs - firstInput) / stride);
    const nearest = (firstInput + pad - firstTap) / stride; // the output that uses firstTap on firstInput
    return {
      ...{ firstInput, count, taps: tapCount, lastTap: firstTap + (tapCount - 1) * stride },
      ...{ firstOutput: nearest - (tapCount - 1), lastOutput: nearest + count - 1 },
    };
  });
  const used = raw.filter((phase) => phase.taps > 0);
  const padBefore = Math.max(0, ...used.map(({ firstOutput }) => -firstOutput));
  const padAfter = Math.max(0, ...used.map(({ lastOutput }) => lastOutput - (outputs - 1)));
  return {
    phases: raw.map(({ lastOutput: _, ...phase }) => ({ ...phase, firstOutput: phase.firstOutput + padBefore })),
    padBefore,
    padded: padBefore + outputs + padAfter,
  };
}
