import type { CapacityPlan } from '../capacity/capacity-plan.ts';
import { standardTarget } from '../capacity/load-plan.ts';
import type { CapacityTarget } from './capacity-target.ts';

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
  const { users, thinkSeconds } = plan.inputs;
  const p95Seconds = standardTarget(plan.inputs).p95Seconds;
  const steps = [...new Set([1, 10, users])].sort((left, right) => left - right);
  const test = { address: addressOf(target), steps, thinkSeconds, p95Seconds, path: '/' };
  return tool === 'locust'
    ? { name: 'locustfile.py', text: writeLocust(test) }
    : { name: 'load-test.js', text: writeK6(test) };
}

interface TestPlan {
  readonly address: string;
  readonly path: string;
  readonly steps: readonly number[];
  readonly thinkSeconds: number;
  readonly p95Seconds: number;
}

/** Seconds that each step lasts. */
const stepSeconds = 120;

/** The published port on this machine; Gunicorn's own where the project publishes none. */
function addressOf(target: CapacityTarget | undefined): string {
  const port = target?.service.publishedPorts[0];
  const written =
    port && /^["']?(?:[\d.]+:)?(\d+):\d+/.exec(port.at.source.text.slice(port.at.span.start, port.at.span.end));
  return `http://localhost:${written?.[1] ?? port?.container ?? 8000}`;
}

function writeLocust({ address, path, steps, thinkSeconds, p95Seconds }: TestPlan): string {
  const stages = steps.map((users, index) => `    (${(index + 1) * stepSeconds}, ${users}),`).join('\n');
  return `"""Load test: ${steps.join(', ')} users, ${stepSeconds} s each.

Run it against a copy of production, never against production itself:
    locust --headless --only-summary -f locustfile.py
Target: 95 % of requests within ${p95Seconds} s, errors at most 1 %.
"""
import os

from locust import HttpUser, LoadTestShape, constant, task

# (seconds from the start, users)
STAGES = [
${stages}
]


class Visitor(HttpUser):
    host = os.environ.get("TARGET", "${address}")
    wait_time = constant(${thinkSeconds})

    @task
    def visit(self):
        # Replace it by the requests that your users make, in their proportion.
        self.client.get(os.environ.get("TARGET_PATH", "${path}"))


class Steps(LoadTestShape):
    def tick(self):
        for until, users in STAGES:
            if self.get_run_time() < until:
                return users, max(1, users // 10)
        return None
`;
}

function writeK6({ address, path, steps, thinkSeconds, p95Seconds }: TestPlan): string {
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

const target = __ENV.TARGET || '${address}';
// Replace it by the requests that your users make, in their proportion.
const path = __ENV.TARGET_PATH || '${path}';

export const options = {
  stages: [
${stages}
  ],
  thresholds: {
    http_req_duration: ['p(95)<${Math.round(p95Seconds * 1000)}'],
    http_req_failed: ['rate<0.01'],
  },
};

export default function () {
  const response = http.get(target + path);
  check(response, { 'status is below 400': ({ status }) => status > 0 && status < 400 });
  sleep(${thinkSeconds});
}
`;
}
