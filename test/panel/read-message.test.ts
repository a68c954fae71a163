import { describe, expect, it } from 'vitest';
import { emptyState } from '../../src/panel/protocol.ts';
import { readFromPanel, readState } from '../../src/panel/read-message.ts';

describe('the state of a panel', () => {
  it('comes back as it was saved', () => {
    const state = {
      ...emptyState,
      targetId: 'web',
      given: { users: 80, requestsPerSecond: 12.5 },
      settings: { workers: 4, poolTimeoutSeconds: 0 },
      chosen: { '--workers web': false },
    };
    expect(readState(JSON.parse(JSON.stringify(state)))).toEqual(state);
  });

  it('of an earlier version has no settings', () => {
    const { settings: _, ...earlier } = emptyState;
    expect(readState(earlier)).toEqual(emptyState);
  });

  it.each([
    ['zero workers', { workers: 0 }],
    ['a part of a thread', { threads: 1.5 }],
    ['a text', { poolSize: '5' }],
    ['no number', { maxConnections: null }],
    ['far too many', { workers: 1e9 }],
    ['no finite number', { proxyTimeoutSeconds: Number.POSITIVE_INFINITY }],
  ])('with %s is none', (_, settings) => {
    expect(readState({ ...emptyState, settings })).toBeUndefined();
  });

  it('loses settings that are none', () => {
    const settings = { workers: 2, replicas: 3, constructor: 1, users: 4 };
    expect(readState({ ...emptyState, settings })?.settings).toEqual({ workers: 2 });
    expect(readState({ ...emptyState, settings: [4] })).toBeUndefined();
  });

  it.each([{ requestsPerSecond: 0 }, { requestsPerSecond: -1 }, { users: 0 }])('with %o is none', (given) => {
    expect(readState({ ...emptyState, given })).toBeUndefined();
  });
});

it('is no message without its parts', () => {
  const wrong = [null, 'plan', {}, { type: 'plan', state: emptyState }, { type: 'open' }, { type: 'save', state: {} }];
  expect(wrong.map((data) => readFromPanel(data))).toEqual(wrong.map(() => undefined));
  expect(readFromPanel({ type: 'validation', more: 1 })).toEqual({ type: 'validation' });
});
