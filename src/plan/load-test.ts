import { responseSeconds } from '../capacity/capacity-inputs.ts';
import type { CapacityPlan } from '../capacity/capacity-plan.ts';
import { standardTarget } from '../capacity/load-plan.ts';
import type { CapacityTarget } from './capacity-target.ts';
import { addressOf, type WebAddress } from './web-address.ts';

/** A load test as a file. */
export interface LoadTest {
  readonly name: string;
  readonly text: string;
}

/** A load test for 1, 10 and the planned users against the address that the project publishes. */
export function writeLoadTest(
  tool: 'locust' | 'k6',
  from: { readonly plan: CapacityPlan; readonly target: CapacityTarget | undefined },
): LoadTest {
  const { plan, target } = from;
  const { inputs } = plan;
  const { p95Seconds, errorShare } = standardTarget(inputs);
  const users = usersOf(plan);
  const address = addressOf(target);
  const test = {
    address: address.url,
    note: addressNotes[address.kind],
    steps: [...new Set([1, 10, users])].sort((left, right) => left - right),
    thinkSeconds: readable(inputs.thinkSeconds),
    p95Seconds: readable(p95Seconds),
    errorShare,
  };
  return tool === 'locust'
    ? { name: 'locustfile.py', text: writeLocust(test) }
    : { name: 'load-test.js', text: writeK6(test) };
}

const addressNotes: Readonly<Record<WebAddress['kind'], string>> = {
  published: 'The address at which the project is published.',
  own: 'The address that the server listens on; set TARGET to the one that users reach it by.',
  unknown: 'No file publishes a port: set TARGET to the address of the application.',
};

/** The planned users; for a rate as many as send it (Little's law). */
function usersOf({ inputs }: CapacityPlan): number {
  const { requestsPerSecond, users, thinkSeconds } = inputs;
  if (requestsPerSecond === null) return users;
  return Math.max(1, Math.round(requestsPerSecond * (responseSeconds(inputs) + thinkSeconds)));
}

/** Without the last digits that sums of fractions leave behind. */
function readable(seconds: number): number {
  return Number(seconds.toPrecision(6));
}

interface TestPlan {
  readonly address: string;
  readonly note: string;
  readonly steps: readonly number[];
  readonly thinkSeconds: number;
  readonly p95Seconds: number;
  readonly errorShare: number;
}

/** Seconds that each step lasts. */
const stepSeconds = 120;

function writeLocust({ address, note, steps, thinkSeconds, p95Seconds, errorShare }: TestPlan): string {
  const stages = steps.map((users, index) => `    (${(index + 1) * stepSeconds}, ${users}),`).join('\n');
  return `"""Load test: ${steps.join(', ')} users, ${stepSeconds} s each.

Run it against a copy of production, never against production itself:
    locust --headless --only-summary -f locustfile.py
It ends with 1 unless 95 % of the requests come within ${p95Seconds} s and at most ${readable(errorShare * 100)} % fail.
"""
import os

from locust import HttpUser, LoadTestShape, constant, events, task

# (seconds from the start, users)
STAGES = [
${stages}
]


class Visitor(HttpUser):
    # ${note}
    host = os.environ.get("TARGET", "${address}")
    wait_time = constant(${thinkSeconds})

    @task
    def visit(self):
        # Replace it by the requests that your users make, in their proportion.
        self.client.get(os.environ.get("TARGET_PATH", "/"))


class Steps(LoadTestShape):
    def tick(self):
        for until, users in STAGES:
            if self.get_run_time() < until:
                return users, max(1, users // 10)
        return None


@events.quitting.add_listener
def judge(environment, **_):
    total = environment.stats.total
    late = total.get_response_time_percentile(0.95) > ${Math.round(p95Seconds * 1000)}
    if late or total.fail_ratio > ${errorShare}:
        environment.process_exit_code = 1
`;
}

function writeK6({ address, note, steps, thinkSeconds, p95Seconds, errorShare }: TestPlan): string {
  const stages = steps
    .flatMap((users) => [
      `    { duration: '10s', target: ${users} },`,
      `    { duration: '${stepSeconds}s', target: ${users} },`,
    ])
    .join('\n');
  return `// Load test: ${steps.join(', ')} users, ${stepSeconds} s each. Never against production itself:
//     k6 run load-test.js
import { check, sleep } from 'k6';
import http from 'k6/http';

// ${note}
const target = __ENV.TARGET || '${address}';
// Replace it by the requests that your users make, in their proportion.
const path = __ENV.TARGET_PATH || '/';

export const options = {
  stages: [
${stages}
  ],
  thresholds: {
    http_req_duration: ['p(95)<${Math.round(p95Seconds * 1000)}'],
    http_req_failed: ['rate<=${errorShare}'],
  },
};

export default function () {
  const response = http.get(target + path);
  check(response, { 'status is below 400': ({ status }) => status > 0 && status < 400 });
  sleep(${thinkSeconds});
}
`;
}
