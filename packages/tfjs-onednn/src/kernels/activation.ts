/** tfjs's names of the activations that oneDNN applies within a product, in the order of the addon's numbers. */
const NAMES = ['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu'];

/** An activation as the addon takes it. */
export interface NativeActivation {
  readonly code: number;
  /** The slope below zero of `leakyrelu`. */
  readonly alpha: number;
}

/** The activation among a fused kernel's attributes; undefined where oneDNN has no such one. */
export function activationOf(attrs: Readonly<Record<string, unknown>>): NativeActivation | undefined {
  const code = NAMES.indexOf((attrs['activation'] as string | null | undefined) ?? 'linear');
  return code === -1 ? undefined : { code, alpha: (attrs['leakyreluAlpha'] as number | undefined) ?? 0.2 };
}
