import { schemasOf } from '@pffnet/structures';
import * as z from 'zod';
import { aunet } from './aunet-head.ts';
import { gcn } from './gcn-head.ts';
import { jsis } from './jsis-head.ts';
import { oanet } from './oanet-head.ts';
import { panopticFpn } from './panoptic-fpn-head.ts';
import { upsnet } from './upsnet-head.ts';

/** The kinds of semantic heads: schemas, types and messages derive from this list. */
export const semanticHeads = [gcn, panopticFpn, jsis, aunet, upsnet, oanet] as const;

const noSemanticHead = z.strictObject({ kind: z.literal('none') }).describe('no semantic branch');

/** Which semantic branch, and its sizes. */
export const semanticHeadSchema = z
  .discriminatedUnion('kind', [noSemanticHead, ...schemasOf(semanticHeads)])
  .describe("the semantic branch on the backbone's maps");

/** Which semantic branch, and its sizes, as a config says it. */
export type SemanticHeadOptions = z.infer<typeof semanticHeadSchema>;

/** A semantic branch that there is. */
export type SemanticHeadConfig = Exclude<SemanticHeadOptions, { kind: 'none' }>;
