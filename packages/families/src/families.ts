import { dist } from '@pffnet/dist-network';
import type { NetworkFamily } from '@pffnet/network';
import { twoStage } from '@pffnet/pffnet';
import { deepColoring, discriminative, nuclick } from '@pffnet/pixel-networks';

/**
 * Every family of networks. This table is the only place that names them all: whoever trains, predicts or reports asks it
 * by a config's `kind`. The first is that of configs without a `kind`.
 */
export const families: readonly NetworkFamily[] = [twoStage, dist, deepColoring, discriminative, nuclick];
