import type { NetworkConfig } from './network-config.ts';

type Input = NetworkConfig['input'];

/** How a config reads image files: options of datasets' `readImage` and `openDataset`. */
export function readingOf({ input: { scaling, channel } }: { readonly input: Input }): {
  scaling?: Exclude<Input['scaling'], { kind: 'auto' }>;
  channel: Input['channel'];
} {
  return { ...(scaling.kind === 'auto' ? {} : { scaling }), channel };
}
