// A figure's numbers as a table: what its table twin shows and its CSV file holds, from one description.

export type TableData = {
  /** What the first column holds. */
  corner: string;
  rows: number;
  cols: number;
  rowHead(row: number): string;
  colHead(col: number): string;
  /** Null where there is no number. */
  value(row: number, col: number): number | string | null;
};

/** How many table cells may change every frame without the page stumbling. */
const CELLS = 400;
export const COLUMNS_A_PAGE = 32;

export function rowsAPage(cols: number): number {
  return Math.max(10, Math.floor(CELLS / Math.max(1, Math.min(cols, COLUMNS_A_PAGE))));
}

/** Numbers in full, so that a spreadsheet gets what the engine said. */
export function csvOf(table: TableData): string {
  const lines = [[table.corner]];
  for (let col = 0; col < table.cols; col++) lines[0]?.push(table.colHead(col));
  for (let row = 0; row < table.rows; row++) {
    const line = [table.rowHead(row)];
    for (let col = 0; col < table.cols; col++) line.push(String(table.value(row, col) ?? ""));
    lines.push(line);
  }
  return lines.map((line) => line.map(field).join(",")).join("\n") + "\n";
}

function field(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
