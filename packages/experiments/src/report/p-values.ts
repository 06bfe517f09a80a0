import { compareScores, defaultPolicy, type ImageScores, type ScoreComparison } from '@pffnet/metrics';
import { randomStream } from '@pffnet/structures';
import { paperPValues } from '../paper/paper-tables.ts';
import { imagesOf, type RunGroup } from './cell.ts';
import { createNotes, type Note, type Notes } from './notes.ts';

/** The scores of Table III, ours and the paper's names. */
export const comparedScores = ['ajiOnceLegacy', 'dice', 'f1', 'pq'] as const;

/** Table III for one data set: tests of whether PFFNet scores better than each other network, image by image. */
export interface PValueTable {
  readonly protocol: string;
  readonly title: string;
  readonly rows: readonly PValueRow[];
  /** What produced our numbers. */
  readonly notes: readonly Note[];
}

export interface PValueRow {
  readonly label: string;
  /** The paper's p-values, where it has the row and this is its data set. */
  readonly paper: readonly (number | null)[] | null;
  /** By score; null where there are no runs to compare. */
  readonly ours: Readonly<Record<(typeof comparedScores)[number], ScoreComparison>> | null;
  readonly quotedFrom: string | null;
  /** The letters of its notes: what produced PFFNet, and the other network where that differs. */
  readonly marks: readonly string[];
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
    const notes = createNotes();
    const rows = [
      ...paperRows.map(({ label, network, quotedFrom, p }): PValueRow => {
        const other = compared.find(({ variant }) => variant === network);
        return {
          label,
          paper: p,
          quotedFrom: other === undefined ? (quotedFrom ?? null) : null,
          ...comparison(ours, other, notes),
        };
      }),
      ...compared
        .filter(({ variant }) => !paperRows.some(({ network }) => network === variant))
        .map((other): PValueRow => ({
          label: other.title,
          paper: null,
          quotedFrom: null,
          ...comparison(ours, other, notes),
        })),
    ];
    return rows.length === 0 ? [] : [{ protocol, title, rows, notes: notes.list }];
  });
}

function comparison(
  ours: RunGroup | undefined,
  other: RunGroup | undefined,
  notes: Notes,
): Pick<PValueRow, 'ours' | 'marks'> {
  if (ours === undefined || other === undefined) return { ours: null, marks: [] };
  const [a, b] = shared(imagesOf(ours), imagesOf(other));
  return {
    ours: compareScores(a, b, {
      scores: comparedScores,
      policy: defaultPolicy,
      streamOf: (score) => randomStream(0, `report/${score}`),
      resamples: 2000,
    }),
    marks: [...new Set([ours, other].map(({ scale }) => notes.markOf(scale)))],
  };
}

/** The images that both were tested on, in one order. */
function shared(a: readonly ImageScores[], b: readonly ImageScores[]): [ImageScores[], ImageScores[]] {
  const inBoth = (own: readonly ImageScores[], others: readonly ImageScores[]): ImageScores[] => {
    const names = new Set(others.map(({ name }) => name));
    return own.filter(({ name }) => names.has(name));
  };
  return [inBoth(a, b), inBoth(b, a)];
}
