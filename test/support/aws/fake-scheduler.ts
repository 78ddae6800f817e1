import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';

/** Each group's schedules, with all the fields of GetSchedule. */
export type FakeSchedules = Map<string, Record<string, unknown>[]>;

const PAGE = 2;

/** As much of EventBridge Scheduler's REST interface as the command line calls. */
export async function answerScheduler(
  groups: FakeSchedules,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(String(request.url), 'http://localhost');
  const name = url.pathname.split('/')[2];
  const body = request.method === 'PUT' ? ((await json(request)) as Record<string, unknown>) : {};
  const asked = url.searchParams.get('groupName') ?? url.searchParams.get('ScheduleGroup');
  const group = String(body.GroupName ?? asked);
  const schedules = groups.get(group);
  const found = schedules?.find(({ Name }) => Name === name);
  if (schedules === undefined || (name !== undefined && found === undefined)) {
    response.writeHead(404, { 'x-amzn-errortype': 'ResourceNotFoundException' });
    response.end(JSON.stringify({ Message: `Schedule group ${group} does not exist.` }));
    return;
  }
  response.writeHead(200, { 'content-type': 'application/json' });
  if (found === undefined) {
    const from = Number(url.searchParams.get('NextToken') ?? 0);
    const page = schedules.slice(from, from + PAGE).map(({ Name, State }) => ({ Name, State }));
    const rest = from + PAGE < schedules.length ? { NextToken: String(from + PAGE) } : {};
    response.end(JSON.stringify({ Schedules: page, ...rest }));
  } else if (request.method === 'PUT') {
    // What is left out goes back to its default, as at the service.
    const { ClientToken: _token, ...kept } = body;
    schedules[schedules.indexOf(found)] = { Name: name, ...kept };
    response.end(JSON.stringify({ ScheduleArn: `arn:${name}` }));
  } else {
    response.end(JSON.stringify(found));
  }
}
