import { warningOf } from './notes.ts';
import { comparedScores, type PValueRow, type PValueTable } from './p-values.ts';
import { beginTabular, endTabular, tex } from './tex.ts';

/** The heads of Table III's columns, for {@link comparedScores}. */
export const comparedTitles: readonly string[] = ['AJI', 'Dice', 'F1', 'PQ'];

/** What Table III asks. */
export const pValueHeading = 'Table III: is PFFNet better, image by image?';

/** How to read it; under every form of it. */
export const pValueLegend =
  'In each cell: the paper’s p of a one-tailed paired t-test that PFFNet scores higher; ours, with Holm’s correction over the four scores and the letter of the note that says what produced it; the mean difference with a 95 % bootstrap interval over images. A small p from a scaled-down run speaks of that run alone.';

/** A p-value as people write it. */
const pText = (p: number | null | undefined): string =>
  p == null ? '–' : p >= 0.1 ? p.toFixed(2) : p.toExponential(2);

/** The three lines of a cell: empty where there is nothing. */
export interface PValueText {
  readonly paper: string;
  /** `1.06e-2`, and `Holm 4.22e-2`. */
  readonly ours: string;
  readonly holm: string;
  /** `0.113 [0.055, 0.179], n = 6`. */
  readonly difference: string;
}

/** What the cells of a row say, without any markup. */
export function pValueTexts({ paper, ours }: PValueRow): PValueText[] {
  return comparedScores.map((score, at) => {
    const published = paper === null ? '' : pText(paper[at]);
    if (ours === null) return { paper: published, ours: '', holm: '', difference: '' };
    const { tTest, difference, count } = ours[score];
    const { mean, low, high } = difference;
    return {
      paper: published,
      ours: pText(tTest.p),
      holm: tTest.holm === null ? '' : `Holm ${pText(tTest.holm)}`,
      difference:
        mean === null || low === null || high === null
          ? ''
          : `${mean.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}], n = ${count}`,
    };
  });
}

const quoted = ({ quotedFrom }: PValueRow): string =>
  quotedFrom === null ? '' : `quoted by the paper from ${quotedFrom}`;

/** Table III as Markdown: the paper's data set, then ours. */
export function markdownPValues(tables: readonly PValueTable[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  const parts = tables.map(({ title, rows, notes }) => {
    const warning = warningOf(notes);
    return [
      `### ${title}\n\n`,
      warning === null ? '' : `**${warning}**\n\n`,
      line(['', ...comparedTitles]),
      line(['---', ...comparedTitles.map(() => '---:')]),
      ...rows.map((row) => {
        const cells = pValueTexts(row).map(({ paper, ours, holm, difference }) =>
          [paper, ours === '' ? '' : `**${ours}** ${holm} <sup>${row.marks.join(' ')}</sup>`, difference]
            .filter((text) => text !== '')
            .join('<br>'),
        );
        return line([quoted(row) === '' ? row.label : `${row.label} *(${quoted(row)})*`, ...cells]);
      }),
      '\n',
      ...notes.map(({ mark, text }) => `- <sup>${mark}</sup> ${text}\n`),
      notes.length === 0 ? '' : '\n',
    ].join('');
  });
  return `## ${pValueHeading}\n\n${parts.join('')}${pValueLegend}\n`;
}

/** Table III as LaTeX (booktabs, graphicx), a table per data set. */
export function latexPValues(tables: readonly PValueTable[]): string {
  const line = (cells: readonly string[]): string => `${cells.join(' & ')} \\\\\n`;
  return tables
    .map(({ protocol, title, rows, notes }) => {
      const warning = warningOf(notes);
      const body = rows.flatMap((row) => {
        const texts = pValueTexts(row);
        const label = `${tex(row.label)}${quoted(row) === '' ? '' : ` {\\footnotesize (${tex(quoted(row))})}`}`;
        const mark = `\\textsuperscript{${row.marks.join(' ')}}`;
        return [
          line([label, ...texts.map(({ paper }) => tex(paper))]),
          ...(row.ours === null
            ? []
            : [
                line(['\\quad ours', ...texts.map(({ ours, holm }) => `\\textbf{${tex(ours)}} ${tex(holm)}${mark}`)]),
                line(['\\quad difference', ...texts.map(({ difference }) => tex(difference))]),
              ]),
        ];
      });
      return [
        '\\begin{table*}\n\\centering\n',
        `\\caption{${tex(`${pValueHeading} ${title}.`)}${warning === null ? '' : ` ${tex(warning)}`}}\n\\label{table-iii-${protocol}}\n`,
        beginTabular(comparedTitles.length),
        line(['', ...comparedTitles]),
        '\\midrule\n',
        ...body,
        endTabular,
        ...notes.map(({ mark, text }) => `\\par{\\footnotesize \\textsuperscript{${mark}} ${tex(text)}}\n`),
        `\\par{\\footnotesize ${tex(pValueLegend)}}\n`,
        '\\end{table*}\n',
      ].join('');
    })
    .join('\n');
}

/** The columns of {@link pValueRecords}. */
export const pValueColumns: readonly string[] = [
  ...['data', 'row', 'quoted_from', 'score', 'paper_p', 'p', 'p_holm', 'wilcoxon_p', 'wilcoxon_p_holm'],
  ...['images', 'difference', 'difference_low', 'difference_high', 'produced_by', 'scaled_down'],
];

/** One line per cell, for programs. */
export function pValueRecords(tables: readonly PValueTable[]): (string | number | null)[][] {
  return tables.flatMap(({ title, rows, notes }) =>
    rows.flatMap(({ label, paper, ours, quotedFrom, marks }) => {
      const made = notes.filter(({ mark }) => marks.includes(mark));
      return comparedScores.map((score, at) => {
        const comparison = ours?.[score];
        return [
          title,
          label,
          quotedFrom,
          score,
          paper?.[at] ?? null,
          comparison?.tTest.p ?? null,
          comparison?.tTest.holm ?? null,
          comparison?.wilcoxon.p ?? null,
          comparison?.wilcoxon.holm ?? null,
          comparison?.count ?? null,
          comparison?.difference.mean ?? null,
          comparison?.difference.low ?? null,
          comparison?.difference.high ?? null,
          made.length === 0 ? null : made.map(({ text }) => text).join(' | '),
          made.length === 0 ? null : made.some(({ scaledDown }) => scaledDown) ? 'yes' : 'no',
        ];
      });
    }),
  );
}
