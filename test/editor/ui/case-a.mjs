import { strict as assert } from 'node:assert';

/** The workspace that each test gets a copy of. */
export const workspace = 'case-a';

export const tests = {
  'a finding is a squiggle, a hover and a problem, with the light bulb beside it': async ({ workbench }) => {
    await workbench.openFile('docker-compose.unified.yml');
    const squiggle = await workbench.waitForSquiggle('warning', { timeoutSeconds: 30 });
    const problems = await workbench.problemsPanel();
    const problem = problems.find((one) => one.code === 'redis-memory-unbounded');
    assert.ok(problem, JSON.stringify(problems));
    assert.equal(problem.source, 'Headroom');
    assert.match(await workbench.hover(squiggle.text), /maxmemory/);
    const actions = await workbench.openLightBulb({ at: 'redis:' });
    await workbench.screenshot('case-a-light-bulb');
    assert.ok(actions.length > 0);
  },
};
