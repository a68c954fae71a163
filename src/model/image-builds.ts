import { parseYaml } from '../parse/yaml.ts';
import { entryOf, resolveAlias } from '../parse/yaml-read.ts';
import type { YamlNode } from '../parse/yaml-tree.ts';
import type { SourceText } from '../text/source-text.ts';
import { textAt } from '../text/span.ts';
import type { ComposeBuild, ComposeProject, ComposeService } from './compose/compose-service.ts';
import { findProductionTargets } from './image/production-targets.ts';
import { lookUpImage } from './service/known-images.ts';
import type { Session } from './session.ts';
import { type Files, joinPath, resolveInside } from './workspace.ts';

/** Something of the workspace that builds an image and gives it a name. */
interface NamedBuild {
  /** Repository and tag. */
  readonly image: string;
  readonly build: ComposeBuild;
}

/** How the workspace builds the image of a service that only names it; undefined where nothing says so. */
export type ImageBuilds = (service: ComposeService) => ComposeBuild | undefined;

/**
 * The images that compose files and GitHub workflows (docker/build-push-action) build. An image with the same tag is that
 * image; one of the same repository is, where its tag moves with the workspace (none, `latest`, or from a variable) and
 * one Dockerfile makes all images of the repository, what production makes of that Dockerfile.
 */
export function findImageBuilds(
  projects: () => readonly ComposeProject[],
  tools: { readonly files: Files; readonly session: Session },
): ImageBuilds {
  let found: readonly NamedBuild[] | undefined;
  return (service) => {
    const { image } = service;
    if (service.build || !image?.known || lookUpImage(image.value)) return undefined;
    found ??= [...projects().flatMap(({ services }) => services.flatMap(buildOfService)), ...readWorkflows(tools)];
    const builds = found;
    const wanted = normalise(image.value);
    const same = distinct(builds.filter((candidate) => normalise(candidate.image) === wanted));
    if (same.length > 0) return same.length === 1 && same[0] ? { ...same[0], at: image.at } : undefined;
    const isMoving = wanted.endsWith(':latest') || !textAt(image.at).includes(image.value);
    if (!isMoving) return undefined;
    const repository = repositoryOf(wanted);
    const near = builds.filter((candidate) => repositoryOf(normalise(candidate.image)) === repository);
    const [build, ...others] = distinct(near.map((candidate) => ({ ...candidate, build: bare(candidate.build) })));
    const source = build?.dockerfile === undefined ? undefined : tools.files.read(build.dockerfile);
    const targets = source ? findProductionTargets(source, tools.session) : [];
    if (!build || others.length > 0 || targets.length !== 1) return undefined;
    return { ...build, target: targets[0], at: image.at };
  };
}

function buildOfService({ build, image }: ComposeService): NamedBuild[] {
  return build?.dockerfile !== undefined && image?.known ? [{ image: image.value, build }] : [];
}

function bare(build: ComposeBuild): ComposeBuild {
  return { ...build, target: undefined, args: new Map() };
}

function distinct(builds: readonly NamedBuild[]): readonly ComposeBuild[] {
  const found = new Map(
    builds.map(({ build }) => [`${build.context}\n${build.dockerfile}\n${build.target ?? ''}`, build] as const),
  );
  return [...found.values()];
}

/** The image with its tag written out, and without the registry that Docker takes anyway. */
function normalise(image: string): string {
  const plain = image
    .replace(/^docker\.io\//, '')
    .replace(/^library\//, '')
    .replace(/@.*$/, '');
  return /:[^/]*$/.test(plain) ? plain : `${plain}:latest`;
}

function repositoryOf(normalised: string): string {
  return normalised.replace(/:[^/:]*$/, '');
}

function readWorkflows({ files, session }: { files: Files; session: Session }): readonly NamedBuild[] {
  const paths = [...files.workspace.paths].filter((path) => /^\.github\/workflows\/[^/]+\.ya?ml$/.test(path)).sort();
  return paths.slice(0, 40).flatMap((path) => {
    const source = files.read(path);
    if (!source?.text.includes('build-push-action')) return [];
    const steps = session.derive(source, { kind: 'image-builds', from: readSteps });
    return steps.flatMap((step) => namedBuilds(step, { source, files }));
  });
}

interface BuildStep {
  readonly images: readonly string[];
  readonly context: string;
  readonly dockerfile: string | undefined;
  readonly target: string | undefined;
  readonly span: YamlNode['span'];
}

function readSteps(text: string): readonly BuildStep[] {
  const steps = jobSteps(parseYaml(text).root);
  const builds = steps.filter((step) => usesAction(step, /\/build-push-action@/));
  const described = steps.filter((step) => usesAction(step, /\/(metadata-action|ghaction-docker-meta)@/));
  // Which of several images a description belongs to is only told by expressions.
  const images = builds.length === 1 ? described.flatMap((step) => linesOf(input(step, 'images'))) : [];
  return builds.map((step) => ({
    images: [...linesOf(input(step, 'tags')), ...images].filter((image) => !image.includes('${{')),
    context: input(step, 'context') ?? '.',
    dockerfile: input(step, 'file'),
    target: input(step, 'target'),
    span: step.span,
  }));
}

function jobSteps(root: YamlNode | undefined): readonly YamlNode[] {
  const jobs = resolveAlias(entryOf(root, 'jobs')?.value);
  if (jobs?.kind !== 'mapping') return [];
  return jobs.entries.flatMap(({ value }) => {
    const steps = resolveAlias(entryOf(value, 'steps')?.value);
    return steps?.kind === 'sequence' ? steps.items : [];
  });
}

function usesAction(step: YamlNode, action: RegExp): boolean {
  return action.test(scalarText(entryOf(step, 'uses')?.value) ?? '');
}

function input(step: YamlNode, name: string): string | undefined {
  return scalarText(entryOf(entryOf(step, 'with')?.value, name)?.value);
}

function scalarText(node: YamlNode | undefined): string | undefined {
  const resolved = resolveAlias(node);
  return resolved?.kind === 'scalar' ? resolved.text : undefined;
}

function linesOf(text: string | undefined): readonly string[] {
  return (text ?? '').split(/[\n,]/).flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));
}

function namedBuilds(step: BuildStep, from: { source: SourceText; files: Files }): readonly NamedBuild[] {
  const { source, files } = from;
  const context = resolveInside('', step.context);
  if (context === undefined || [step.context, step.dockerfile, step.target].some((text) => text?.includes('${{')))
    return [];
  const dockerfile =
    step.dockerfile === undefined ? joinPath(context, 'Dockerfile') : resolveInside('', step.dockerfile);
  if (dockerfile === undefined || !files.exists(dockerfile)) return [];
  const at = { source, span: step.span };
  const build = { context, dockerfile, inlineDockerfile: undefined, target: step.target, args: new Map(), at };
  return step.images.map((image) => ({ image, build }));
}
