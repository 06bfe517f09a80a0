import type { DistConfig } from '../config.ts';
import { paper } from './paper.ts';
import { small } from './small.ts';
import { smoke } from './smoke.ts';

/** The configs that ship, by name. */
export const presets: Readonly<Record<'paper' | 'small' | 'smoke', DistConfig>> = { paper, small, smoke };
