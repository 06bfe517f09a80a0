const replacements: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '–': '--',
  '−': '$-$',
  '±': '$\\pm$',
  '’': "'",
};

/** Text that LaTeX prints as it is. */
export const tex = (text: string): string =>
  text.replaceAll(/[\\–−±’&%$#_{}~^]/g, (character) => replacements[character] ?? `\\${character}`);

/** The head of a table of names and so many columns of numbers; it is shrunk where it is wider than the page. */
export const beginTabular = (columns: number): string =>
  `\\resizebox{\\ifdim\\width>\\textwidth\\textwidth\\else\\width\\fi}{!}{\\begin{tabular}{l${'r'.repeat(columns)}}\n\\toprule\n`;

/** What ends it. */
export const endTabular = '\\bottomrule\n\\end{tabular}}\n';
