import { semanticLoss } from '@pffnet/losses';
import { type LossTerms, type LossTermSpec, type Network, withoutDecisions } from '@pffnet/network';
import type { LabelMap } from '@pffnet/structures';
import { ParamScope } from '@pffnet/tensor-ops';
import { reshape, type Tensor2D, tidy } from '@tensorflow/tfjs-core';
import { groupsOf } from '../groups-of.ts';
import type { DiscriminativeConfig } from './config.ts';
import { discriminativeLoss } from './discriminative-loss.ts';
import { createEmbeddingMap, type PixelEmbeddings } from './embedding-map.ts';
import { EmbeddingPredictor } from './embedding-predictor.ts';

/** The terms of the loss. */
export const termsOf = ({ loss }: DiscriminativeConfig): LossTermSpec[] => [
  { name: 'semantic', weight: loss.semanticWeight, symbol: 'sem', meaning: 'foreground and background' },
  { name: 'pull', weight: loss.pullWeight, symbol: 'var', meaning: 'embeddings of an object lie near their mean' },
  { name: 'push', weight: loss.pushWeight, symbol: 'dist', meaning: 'means of objects lie far apart' },
  {
    name: 'regularisation',
    weight: loss.regularisationWeight,
    symbol: 'reg',
    meaning: 'means of objects lie near the origin',
  },
];

/**
 * Builds a network that learns by the discriminative loss: a U-Net gives every pixel an embedding, near those of its object
 * and far from those of others, and says what is foreground; mean-shift parts the embeddings of the foreground.
 * @param scope - the root in which parameters are declared; by default they are drawn from the config's seed.
 * @throws ConfigError if `unet.groups` does not divide `unet.width`.
 * @remarks Source: De Brabandere et al. 2017; sources.md row 47.
 */
export function createDiscriminative(
  config: DiscriminativeConfig,
  scope: ParamScope = ParamScope.root(config.seed),
): Network {
  const embeddingMap = createEmbeddingMap(scope, config);
  const trainable = scope.variables();
  return {
    config,
    scope,
    trainable,
    groups: groupsOf(trainable, ['down', 'up', 'embedding', 'semantic']),
    terms: termsOf(config),
    learn: ({ image, labels }) => withoutDecisions(() => tidy(() => lossOf(embeddingMap(image), labels, config))),
    predictor: () => new EmbeddingPredictor(config, embeddingMap),
  };
}

function lossOf({ embeddings, semantic }: PixelEmbeddings, labels: LabelMap, config: DiscriminativeConfig): LossTerms {
  const foreground = Uint8Array.from(labels.data, (id) => (id === 0 ? 0 : 1));
  const perPixel: Tensor2D = reshape(embeddings, [labels.data.length, config.dimensions]);
  return {
    semantic: semanticLoss({ logits: semantic, foreground }),
    ...discriminativeLoss(perPixel, labels, config.loss),
  };
}
