import { describe, expect, it } from 'vitest';
import { projectsOf } from './compose-workspace.ts';

/** Why Compose refuses the first project, with the text it points at. */
function refusalsOf(texts: Readonly<Record<string, string>>): readonly string[] {
  return (projectsOf(texts)[0]?.refusals ?? []).map(
    ({ what, why, at }) => `${what}: ${why}: ${at.source.text.slice(at.span.start, at.span.end).split('\n')[0]}`,
  );
}

const web = (body: string): Record<string, string> => ({ 'compose.yaml': `services:\n  web: {image: x, ${body}}\n` });

describe('what Compose refuses', () => {
  it.each([
    ['enviroment: {A: 1}', 'services.web.enviroment: Compose knows no such key here: enviroment'],
    ['mem_limit: lots', 'services.web.mem_limit: Compose refuses this value, which is no size: lots'],
    ['ports: 80', 'services.web.ports: Compose wants a list here: 80'],
    ['stop_grace_period: 10', 'services.web.stop_grace_period: Compose refuses this value, which is no duration: 10'],
    ['command: "a \'b"', 'services.web.command: Compose cannot split this command into words: "a \'b"'],
    ['depends_on: [db]', 'services.web: Compose finds no service db: web'],
    ['depends_on: [web]', 'services.web: Compose refuses services that depend on each other in a circle: web'],
    ['image: y', 'compose.yaml: image is written twice: image'],
    ['environment: {A: "${B"}', 'whether Compose loads the files: Compose refuses this interpolation: "${B"'],
    ['extends: none', 'what web extends: there is no such service: none'],
  ])('is told with its place: %s', (body, expected) => {
    expect(refusalsOf(web(body))).toEqual([expected]);
  });

  it('tells what only the shell can set apart', () => {
    const [project] = projectsOf(web('environment: {A: "${B:?set it}"}'));
    expect(project?.refusals).toEqual([]);
    expect(project?.unknowns.map(({ why }) => why)).toEqual([
      'Compose refuses to start unless B is set, and it is not in .env',
    ]);
  });

  it('blames no names while files are missing', () => {
    expect(
      refusalsOf({ 'compose.yaml': 'include: [none.yaml]\nservices:\n  web: {image: x, depends_on: [db]}\n' }),
    ).toEqual([]);
  });
});
