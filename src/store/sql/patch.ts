/** A change to some columns of one row. */
import type { SqlSession, SqlValue } from './engine.js';

/** Sets the columns that are not undefined. */
export async function patchRow(
  session: SqlSession,
  table: string,
  key: string,
  id: string,
  columns: Record<string, SqlValue | undefined>,
): Promise<void> {
  const values: SqlValue[] = [id];
  const sets: string[] = [];
  for (const [column, value] of Object.entries(columns)) {
    if (value === undefined) continue;
    values.push(value);
    sets.push(`${column} = $${values.length}`);
  }
  if (sets.length > 0) await session.run(`UPDATE ${table} SET ${sets.join(', ')} WHERE ${key} = $1`, ...values);
}
