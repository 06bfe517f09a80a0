import { type GoldenCase, goldenParam } from '@pffnet/tensor-ops/testing';
import type { PlainTensor } from '@pffnet/structures/safetensors';

/** The path, relative to the backbone's scope, of a parameter of the golden cases; undefined for other modules. */
export function pathOf(reference: string): string | undefined {
  const name = reference.replace(/^(body|fpn)\./, '');
  const kind = name.endsWith('.bias') ? 'shift' : 'scale';
  const [, pyramid, level, part] = /^fpn_(inner|layer)(\d)\.(\d)/.exec(name) ?? [];
  if (pyramid !== undefined) {
    const layer = `pyramid/${pyramid === 'inner' ? 'lateral' : 'output'}${Number(level) + 1}`;
    return part === '0' ? `${layer}/conv/kernel` : `${layer}/norm/${kind}`;
  }
  const [, stem] = /^stem\.(conv|bn)1/.exec(name) ?? [];
  if (stem !== undefined) return stem === 'conv' ? 'stem/conv/kernel' : `stem/norm/${kind}`;
  const [, stage, block, layer] = /^layer(\d)\.(\d+)\.(.+)\.(?:weight|bias)$/.exec(name) ?? [];
  if (stage === undefined) return undefined;
  const prefix = `stage${Number(stage) + 1}/block${block}`;
  if (layer === 'downsample.0') return `${prefix}/shortcut/conv/kernel`;
  if (layer === 'downsample.1') return `${prefix}/shortcut/norm/${kind}`;
  return layer.startsWith('conv') ? `${prefix}/${layer}/kernel` : `${prefix}/${layer.replace('bn', 'norm')}/${kind}`;
}

/** A case's parameters by path; `keep` chooses among them, for tests of a part. */
export function referenceParams(
  { tag, params }: GoldenCase,
  keep: (path: string) => boolean = () => true,
): Map<string, PlainTensor> {
  const values = new Map<string, PlainTensor>();
  for (const { name, shape } of params) {
    const path = pathOf(name);
    if (path !== undefined && keep(path)) values.set(path, goldenParam(tag, name, shape));
  }
  return values;
}
