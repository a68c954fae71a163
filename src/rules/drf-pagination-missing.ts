import type { ListView } from '../model/code-facts.ts';
import type { DjangoSettings, RestFrameworkSettings } from '../model/django.ts';
import type { Edits } from '../model/fix.ts';
import { setDictEntries } from '../model/fixes/set-dict-entry.ts';
import { setModuleSetting } from '../model/fixes/set-module-setting.ts';
import { knownValue } from '../model/value.ts';
import { explain } from '../plan/explain.ts';
import type { SourceText } from '../text/source-text.ts';
import type { Hop } from '../text/trail.ts';
import { listNames } from '../text/wording.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'drf-pagination-missing',
  on: 'process',
  severity: 'information',
  summary: 'A Django REST framework list view returns every row.',
  why: `A generic list view or \`ModelViewSet\` without pagination serialises the whole table for every request. It is fast with the rows of a test system; with 50,000 rows one request holds a worker and a database connection for seconds and builds the whole answer in memory, and a few of them at once stop the site.

Pagination needs both a class and a size: \`DEFAULT_PAGINATION_CLASS\` alone, with DRF's own class and no \`PAGE_SIZE\`, still returns everything, without a warning (DRF's check W001 looks only for the reverse).

One finding stands for all such views of a file: it marks the first and names the others. Views with \`pagination_class = None\` were decided by someone and are left alone, and so are views with a \`list()\` of their own, classes that other views extend, and view sets whose urls call no \`list\`.`,
  references: [
    'Django REST framework 3.15, rest_framework/settings.py: DEFAULT_PAGINATION_CLASS None, PAGE_SIZE None',
    'Django REST framework 3.15, rest_framework/pagination.py, rest_framework/checks.py',
  ],
  messages: {
    noClass:
      '{view} returns every row: neither the view nor DEFAULT_PAGINATION_CLASS paginates. Set a page size for all views in REST_FRAMEWORK, or a pagination_class here.',
    noClassForSeveral:
      '{views} return every row: neither they nor DEFAULT_PAGINATION_CLASS paginate. Set a page size for all views in REST_FRAMEWORK, or a pagination_class in each.',
    noSize: '{view} returns every row: {style} does nothing without PAGE_SIZE. Set PAGE_SIZE in REST_FRAMEWORK.',
    noSizeForSeveral:
      '{views} return every row: {style} does nothing without PAGE_SIZE. Set PAGE_SIZE in REST_FRAMEWORK.',
    paginateAll: 'Paginate all list views by 50 in REST_FRAMEWORK (changes the shape of every list answer)',
    setSize: 'Set PAGE_SIZE to 50 in REST_FRAMEWORK',
  },
  *check({ process }) {
    const { django } = process;
    const gap = django && pagination(django);
    if (!gap) return;
    const unpaginated = process.code.listViews.filter((view) => view.pagination === 'default');
    for (const [first, ...others] of viewsByFile(unpaginated)) {
      yield {
        at: first.at,
        subject: first.name,
        message: describe([first, ...others], gap),
        trail: [...gap.trail, ...others.map(({ at, name }) => ({ at, says: `${name} returns every row` }))],
        fixes: () => [fixFor(django, gap)],
      };
    }
  },
});

type Views = readonly [ListView, ...ListView[]];

/** The views of each file in their order. */
function viewsByFile(views: readonly ListView[]): Iterable<Views> {
  const byFile = new Map<SourceText, Views>();
  for (const view of views) {
    const before = byFile.get(view.at.source);
    byFile.set(view.at.source, before ? [...before, view] : [view]);
  }
  return byFile.values();
}

function describe(views: Views, { style }: Gap) {
  const [first, ...others] = views;
  if (others.length === 0)
    return style === undefined
      ? ({ says: 'noClass', with: { view: first.name } } as const)
      : ({ says: 'noSize', with: { view: first.name, style } } as const);
  const names = listNames(
    views.map(({ name }) => name),
    3,
  );
  return style === undefined
    ? ({ says: 'noClassForSeveral', with: { views: names } } as const)
    : ({ says: 'noSizeForSeveral', with: { views: names, style } } as const);
}

interface Gap {
  /** DRF's own class that is set without a size; undefined when no class is set. */
  readonly style: string | undefined;
  readonly framework: RestFrameworkSettings | undefined;
  readonly trail: readonly Hop[];
}

/** What the settings lack; undefined when they paginate, or cannot be known. */
function pagination(settings: DjangoSettings): Gap | undefined {
  const framework = settings.restFramework;
  if (!framework) {
    if (!settings.complete) return undefined;
    return {
      style: undefined,
      framework,
      trail: [{ at: settings.at, says: `${settings.module} has no REST_FRAMEWORK` }],
    };
  }
  const style = knownValue(framework.paginationClass);
  if (style === null)
    return {
      style: undefined,
      framework,
      trail: [
        ...explain('no DEFAULT_PAGINATION_CLASS', framework.paginationClass),
        { at: framework.at, says: 'REST_FRAMEWORK' },
      ],
    };
  const isOwn = style !== undefined && /^rest_framework\.pagination\./.test(style);
  if (!isOwn || knownValue(framework.pageSize) !== null) return undefined;
  return {
    style: style.split('.').at(-1),
    framework,
    trail: [
      ...explain('DEFAULT_PAGINATION_CLASS', framework.paginationClass),
      ...explain('no PAGE_SIZE', framework.pageSize),
    ],
  };
}

function fixFor(settings: DjangoSettings, { style, framework }: Gap) {
  const size = { key: 'PAGE_SIZE', text: '50' };
  const entries =
    style === undefined
      ? [{ key: 'DEFAULT_PAGINATION_CLASS', text: '"rest_framework.pagination.PageNumberPagination"' }, size]
      : [size];
  const dict = `{${entries.map(({ key, text }) => `"${key}": ${text}`).join(', ')}}`;
  const edits: Edits = framework
    ? setDictEntries(framework.at, entries)
    : setModuleSetting(settings.at.source, 'REST_FRAMEWORK', dict);
  return { title: { says: style === undefined ? 'paginateAll' : 'setSize' }, safety: 'review', edits } as const;
}
