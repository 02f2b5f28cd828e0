/**
 * Another program at a server's SQLite database: it holds the write lock, and nobody else can write meanwhile, or it empties the log.
 */
import sqlite3 from 'sqlite3';

/** Resolves when it has the write lock; the answer lets go of it. */
export async function holdWriteLock(file: string): Promise<() => Promise<void>> {
  const program = await Program.open(file);
  await program.run('BEGIN EXCLUSIVE;');
  return async () => {
    await program.run('ROLLBACK');
    await program.close();
  };
}

/** Folds the write-ahead log into the file and cuts it to nothing: what is written next needs room on the disk. */
export async function emptyLog(file: string): Promise<void> {
  const program = await Program.open(file);
  await program.run('PRAGMA wal_checkpoint(TRUNCATE);');
  await program.close();
}

class Program {
  private constructor(private readonly database: sqlite3.Database) {}

  static async open(file: string): Promise<Program> {
    const database = await new Promise<sqlite3.Database>((resolve, reject) => {
      const opened: sqlite3.Database = new sqlite3.Database(file, (error) => (error ? reject(error) : resolve(opened)));
    });
    const program = new Program(database);
    await program.run('PRAGMA busy_timeout = 5000;');
    return program;
  }

  run(sql: string): Promise<void> {
    return new Promise((resolve, reject) => this.database.exec(sql, (error) => (error ? reject(error) : resolve())));
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.database.close(() => resolve()));
  }
}
