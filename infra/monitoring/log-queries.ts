/** A question that runbooks ask of the logs, saved with the stack in CloudWatch Logs Insights. */
export interface LogQuery {
  /** Last part of the query's name; runbooks name it so. */
  name: string;
  /** What it answers. */
  question: string;
  /** Of which logs. */
  logs: 'functions' | 'workflow';
  query: string;
}

/** The fields are those of every log line: lambdas/shared/lambda-handler.ts. */
export const LOG_QUERIES: readonly LogQuery[] = [
  {
    name: 'failures',
    question: 'What failed, where, and why? Newest first.',
    logs: 'functions',
    query: `fields @timestamp, step, segment_number, error.name, error.message, path, execution_id
| filter level = "ERROR"
| sort @timestamp desc
| limit 200`,
  },
  {
    name: 'errors-by-name',
    question: 'Which errors, how often, when?',
    logs: 'functions',
    query: `filter level = "ERROR"
| stats count(*) as failures by error.name, step, bin(5m)
| sort @timestamp desc`,
  },
  {
    name: 'slowest-chunks',
    question: 'Which chunks took longest, and at what rate?',
    logs: 'functions',
    query: `fields @timestamp, chunk_number, seconds, size_bytes / seconds / 1048576 as mib_per_second, path, execution_id
| filter message = "chunk uploaded"
| sort seconds desc
| limit 100`,
  },
  {
    name: 'throughput-by-execution',
    question: 'How many bytes did each transfer move, and how did its chunks spread?',
    logs: 'functions',
    query: `filter message = "chunk uploaded"
| stats count(*) as chunks, sum(size_bytes) / 1073741824 as gib, pct(seconds, 50) as p50_seconds, pct(seconds, 95) as p95_seconds, max(seconds) as slowest_seconds by execution_id, path
| limit 100`,
  },
  {
    name: 'broken-connections',
    question: 'When did connections break off in mid-transfer, and with what?',
    logs: 'functions',
    query: `filter message = "connection lost, connecting again"
| stats count(*) as breaks by error_name, error_message, bin(5m)
| sort @timestamp desc`,
  },
  {
    name: 'aborts',
    question: 'Which uploads were removed, and which parts landed late?',
    logs: 'functions',
    query: `fields @timestamp, level, message, parts_left, attempt, execution_id
| filter step = "abort-upload"
| sort @timestamp desc
| limit 200`,
  },
  {
    name: 'failed-executions',
    question: 'Which transfers failed, and with what error?',
    logs: 'workflow',
    query: `fields @timestamp, execution_arn, details.error, details.cause
| filter type in ["ExecutionFailed", "ExecutionTimedOut", "ExecutionAborted"]
| sort @timestamp desc
| limit 200`,
  },
];
