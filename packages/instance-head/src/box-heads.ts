import { kindNamed, schemasOf } from '@pffnet/structures';
import * as z from 'zod';
import { type BoxHeadKind, connected } from './box-head.ts';

/** The kinds of box heads: schemas, types and messages derive from this list. */
export const boxHeads = [connected] as const;

/** Which box head, and its options. */
export const boxHeadSchema = z.discriminatedUnion('kind', schemasOf(boxHeads)).describe('the box head');

/** @throws ConfigError if there is no such kind. */
export const boxHeadNamed = (name: string): BoxHeadKind => kindNamed(boxHeads, name, 'instanceHead.box.kind');
