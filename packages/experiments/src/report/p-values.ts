import { compareScores, defaultPolicy, type ImageScores, type ScoreComparison } from '@pffnet/metrics';
import { randomStream } from '@pffnet/tensor-ops/structures';
import { paperPValues } from '../paper/paper-tables.ts';
import { imagesOf, type RunGroup } from './cell.ts';

/** The scores of Table III, ours and the paper's names. */
export const comparedScores = ['ajiOnceLegacy', 'dice', 'f1', 'pq'] as const;

/** Table III for one data set: is PFFNet better than each other network, image by image? */
export interface PValueTable {
  readonly protocol: string;
  readonly title: string;
  readonly rows: readonly PValueRow[];
}

export interface PValueRow {
  readonly label: string;
  /** The paper's p-values, where it has the row and this is its data set. */
  readonly paper: readonly (number | null)[] | null;
  /** By score; null where there are no runs to compare. */
  readonly ours: Readonly<Record<(typeof comparedScores)[number], ScoreComparison>> | null;
  readonly quotedFrom: string | null;
}

/**
 * One-tailed paired t-tests over the test images that PFFNet and the other network share, per data set; Kumar's has the
 * paper's rows, whether there are runs or not.
 * @remarks Source: Table III. Beyond it: Holm's correction over the four scores, and bootstrap intervals of the differences.
 */
export function pValueTables(groups: readonly RunGroup[]): PValueTable[] {
  const protocols = new Map([
    ['kumar', 'Kumar'],
    ...groups.map(({ protocol, protocolTitle }) => [protocol, protocolTitle] as const),
  ]);
  return [...protocols].flatMap(([protocol, title]) => {
    const here = groups.filter((group) => group.protocol === protocol);
    const ours = here.find(({ variant }) => variant === 'pffnet');
    const compared = here.filter((group) => group !== ours && ours !== undefined);
    const paperRows = protocol === 'kumar' ? paperPValues.rows : [];
    const rows = [
      ...paperRows.map(({ label, network, quotedFrom, p }): PValueRow => {
        const other = compared.find(({ variant }) => variant === network);
        return {
          label,
          paper: p,
          ours: other === undefined ? null : comparison(ours, other),
          quotedFrom: quotedFrom ?? null,
        };
      }),
      ...compared
        .filter(({ variant }) => !paperRows.some(({ network }) => network === variant))
        .map((other): PValueRow => ({
          label: other.title,
          paper: null,
          ours: comparison(ours, other),
          quotedFrom: null,
        })),
    ];
    return rows.length === 0 ? [] : [{ protocol, title, rows }];
  });
}

function comparison(ours: RunGroup | undefined, other: RunGroup): PValueRow['ours'] {
  if (ours === undefined) return null;
  const [a, b] = shared(imagesOf(ours), imagesOf(other));
  return compareScores(a, b, {
    scores: comparedScores,
    policy: defaultPolicy,
    streamOf: (score) => randomStream(0, `report/${score}`),
    resamples: 2000,
  });
}

/** The images that both were tested on, in one order. */
function shared(a: readonly ImageScores[], b: readonly ImageScores[]): [ImageScores[], ImageScores[]] {
  const inBoth = (own: readonly ImageScores[], others: readonly ImageScores[]): ImageScores[] => {
    const names = new Set(others.map(({ name }) => name));
    return own.filter(({ name }) => names.has(name));
  };
  return [inBoth(a, b), inBoth(b, a)];
}
