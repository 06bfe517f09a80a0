import { warningOf } from './notes.ts';
import type { ReportCell, ReportColumn, ReportRow, ReportTable } from './report-table.ts';
import { beginTabular, endTabular, tex } from './tex.ts';

/** A number of a table; differences carry their sign. */
export const number = (value: number, digits = 4): string => value.toFixed(digits);
const signed = (value: number): string => `${value < 0 ? '−' : '+'}${number(Math.abs(value))}`;

/** The three lines of a cell. */
export interface CellText {
  /** `0.6313 (0.0750)`, or a dash. */
  readonly paper: string;
  /** `0.4731 (0.1240)`, with the deviation over seeds where there are several; empty where there is none. */
  readonly ours: string;
  readonly mark: string;
  readonly difference: string;
}

/** What a cell says, without any markup. */
export function cellText({ paper, ours, difference, mark }: ReportCell): CellText {
  const withStd = (mean: number, std: number | null): string =>
    std === null ? number(mean) : `${number(mean)} (${number(std)})`;
  const seeds = ours?.seedStd == null ? '' : ` ±${number(ours.seedStd)} over seeds`;
  return {
    paper: paper === null ? '–' : withStd(paper.mean, paper.std),
    ours: ours === null ? '' : `${withStd(ours.mean, ours.std)}${seeds}`,
    mark: mark ?? '',
    difference: difference === null ? '' : signed(difference),
  };
}

/** Adjacent columns of one data set. */
export function columnGroups(columns: readonly ReportColumn[]): { title: string; added: boolean; count: number }[] {
  const groups: { title: string; added: boolean; count: number }[] = [];
  for (const { group, added } of columns) {
    const last = groups.at(-1);
    if (last !== undefined && last.title === group) last.count++;
    else groups.push({ title: group, added, count: 1 });
  }
  return groups;
}

/** How to read a cell; under every table. */
export const legend =
  'In each cell: the paper’s mean (standard deviation over images); ours, with the letter of the note that says what produced it; ours minus the paper’s.';

/** The table as Markdown. */
export function markdownTable(table: ReportTable): string {
  const many = columnGroups(table.columns).length > 1;
  const head = table.columns.map(({ group, head: name, added }) => {
    const text = many ? `${group}: ${name}` : name;
    return added ? `${text} (not in the paper)` : text;
  });
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  const cell = (of: ReportCell, at: number): string => {
    const { paper: published, ours, mark, difference } = cellText(of);
    const paper = table.columns[at].added ? '' : published;
    return [
      ...(paper === '' ? [] : [paper]),
      ...(ours === '' ? [] : [`**${ours}** <sup>${mark}</sup>`]),
      ...(difference === '' ? [] : [difference]),
    ].join('<br>');
  };
  const warning = warningOf(table.notes);
  return [
    `## ${table.heading}\n\n`,
    warning === null ? '' : `**${warning}**\n\n`,
    line(['', ...head]),
    line(['---', ...head.map(() => '---:')]),
    ...table.rows.map((row) => line([rowLabel(row), ...row.cells.map(cell)])),
    `\n${legend}\n\n`,
    ...table.notes.map(({ mark, text }) => `- <sup>${mark}</sup> ${text}\n`),
    ...table.remarks.map((remark) => `- ${remark}\n`),
  ].join('');
}

const rowLabel = ({ label, absence }: ReportRow): string => (absence === null ? label : `${label} *(${absence})*`);

/**
 * The table as LaTeX, with the packages booktabs and graphicx: three lines per row, the paper's, ours and the difference,
 * as far as there are any.
 */
export function latexTable(table: ReportTable): string {
  const groups = columnGroups(table.columns);
  const line = (cells: readonly string[]): string => `${cells.join(' & ')} \\\\\n`;
  const rows = table.rows.flatMap((row) => {
    const texts = row.cells.map(cellText);
    const label = `${tex(row.label)}${row.absence === null ? '' : ` {\\footnotesize (${tex(row.absence)})}`}`;
    const ours = texts.some((text) => text.ours !== '');
    return [
      line([label, ...texts.map(({ paper }, at) => (table.columns[at].added ? '' : tex(paper)))]),
      ...(ours
        ? [
            line([
              '\\quad ours',
              ...texts.map((text) =>
                text.ours === '' ? '' : `\\textbf{${tex(text.ours)}}\\textsuperscript{${text.mark}}`,
              ),
            ]),
          ]
        : []),
      ...(texts.some(({ difference }) => difference !== '')
        ? [line(['\\quad difference', ...texts.map(({ difference }) => tex(difference))])]
        : []),
    ];
  });
  const warning = warningOf(table.notes);
  const notes = [
    ...table.notes.map(({ mark, text }) => `\\textsuperscript{${mark}} ${tex(text)}`),
    ...table.remarks.map(tex),
  ];
  return [
    '\\begin{table*}\n\\centering\n',
    `\\caption{${tex(table.heading)}.${warning === null ? '' : ` ${tex(warning)}`}}\n\\label{${table.name}}\n`,
    beginTabular(table.columns.length),
    line([
      '',
      ...groups.map(
        ({ title, count, added }) =>
          `\\multicolumn{${count}}{c}{${tex(added ? `${title} (not in the paper)` : title)}}`,
      ),
    ]),
    line(['', ...table.columns.map(({ head }) => tex(head))]),
    '\\midrule\n',
    ...rows,
    endTabular,
    ...notes.map((note) => `\\par{\\footnotesize ${note}}\n`),
    '\\end{table*}\n',
  ].join('');
}

/** One line per cell, for programs: all that the table says, in columns. */
export function tableRecords(table: ReportTable): (string | number | null)[][] {
  const scaled = new Map(table.notes.map(({ mark, scaledDown }) => [mark, scaledDown]));
  return table.rows.flatMap(({ label, absence, cells }) =>
    cells.map(({ paper, ours, difference, mark }, at) => [
      table.name,
      label,
      absence ?? '',
      table.columns[at].group,
      table.columns[at].head,
      paper?.mean ?? null,
      paper?.std ?? null,
      ours?.mean ?? null,
      ours?.std ?? null,
      ours?.seedStd ?? null,
      difference,
      ours?.images ?? null,
      ours?.scale.seeds ?? null,
      ours === null ? null : `${ours.scale.folds} of ${ours.scale.foldsOfProtocol}`,
      ours?.scale.preset ?? null,
      ours?.scale.iterations ?? null,
      ours?.scale.patch ?? null,
      ours?.scale.start ?? null,
      ours?.scale.engines.join('; ') ?? null,
      ours === null ? null : scaled.get(mark ?? '') === true ? 'yes' : 'no',
    ]),
  );
}

/** The columns of {@link tableRecords}. */
export const recordColumns: readonly string[] = [
  'table',
  'row',
  'absence',
  'data',
  'score',
  'paper_mean',
  'paper_std',
  'ours_mean',
  'ours_std_images',
  'ours_std_seeds',
  'difference',
  'images',
  'seeds',
  'folds',
  'preset',
  'iterations',
  'patch',
  'start',
  'engine',
  'scaled_down',
];
