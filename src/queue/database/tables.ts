/** The statements that make our tables (spec/queue.md, "Tables"). */
export function layoutStatements(schema: string): readonly string[] {
  return [
    `CREATE TABLE ${schema}.layout (version int NOT NULL)`,
    `CREATE TABLE ${schema}.run (
      id uuid PRIMARY KEY,
      name text NOT NULL,
      state text NOT NULL CHECK (state IN ('listing', 'running', 'paused', 'cancelled', 'finished')),
      operation text NOT NULL,
      dry_run boolean NOT NULL,
      root text NOT NULL,
      out_path text,
      inputs json NOT NULL,
      submitted_by text NOT NULL,
      submitted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      listed_at timestamptz,
      started_at timestamptz,
      ended_at timestamptz,
      paused_at timestamptz,
      paused_for interval NOT NULL DEFAULT '0'
    )`,
    `CREATE TABLE ${schema}.run_settings (
      run uuid NOT NULL REFERENCES ${schema}.run ON DELETE CASCADE,
      number int NOT NULL,
      settings json NOT NULL,
      PRIMARY KEY (run, number)
    )`,
    `CREATE TABLE ${schema}.worker (
      id uuid PRIMARY KEY,
      host text NOT NULL,
      pid int NOT NULL,
      threads int NOT NULL,
      concurrency int NOT NULL,
      lease interval NOT NULL,
      started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      heartbeat timestamptz NOT NULL DEFAULT clock_timestamp(),
      left_at timestamptz
    )`,
    `CREATE TABLE ${schema}.batch (
      run uuid NOT NULL REFERENCES ${schema}.run ON DELETE CASCADE,
      number int NOT NULL,
      job uuid NOT NULL,
      files int NOT NULL,
      bytes bigint NOT NULL,
      state text NOT NULL CHECK (state IN ('waiting', 'held', 'done')),
      attempt int NOT NULL DEFAULT 0,
      worker uuid,
      held_at timestamptz,
      PRIMARY KEY (run, number)
    )`,
    `CREATE INDEX batch_held ON ${schema}.batch (worker) WHERE state = 'held'`,
    `CREATE INDEX batch_open ON ${schema}.batch (run) WHERE state <> 'done'`,
    `CREATE TABLE ${schema}.file (
      run uuid NOT NULL REFERENCES ${schema}.run ON DELETE CASCADE,
      number int NOT NULL,
      batch int,
      settings int,
      path text NOT NULL,
      below text NOT NULL,
      size bigint NOT NULL,
      state text NOT NULL CHECK (state IN ('waiting', 'started', 'done', 'skipped', 'failed')),
      resumed boolean NOT NULL DEFAULT false,
      deaths int NOT NULL DEFAULT 0,
      worker uuid,
      reason text,
      bytes_in bigint,
      bytes_out bigint,
      outcome json,
      settled_at timestamptz,
      PRIMARY KEY (run, number)
    ) WITH (fillfactor = 70)`,
    `CREATE INDEX file_batch ON ${schema}.file (run, batch)`,
    `CREATE INDEX file_failed ON ${schema}.file (run, number) WHERE state = 'failed'`,
  ];
}
