import type { DjangoSettings, RestFrameworkSettings } from '../model/django.ts';
import type { Edits } from '../model/fix.ts';
import { setDictEntries } from '../model/fixes/set-dict-entry.ts';
import { setModuleSetting } from '../model/fixes/set-module-setting.ts';
import { knownValue } from '../model/value.ts';
import { explain } from '../plan/explain.ts';
import type { Hop } from '../text/trail.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'drf-pagination-missing',
  on: 'process',
  severity: 'information',
  summary: 'A Django REST framework list view returns every row.',
  why: `A generic list view or \`ModelViewSet\` without pagination serialises the whole table for every request. It is fast with the rows of a test system; with 50,000 rows one request holds a worker and a database connection for seconds and builds the whole answer in memory, and a few of them at once stop the site.

Pagination needs both a class and a size: \`DEFAULT_PAGINATION_CLASS\` alone, with DRF's own class and no \`PAGE_SIZE\`, still returns everything, without a warning (DRF's check W001 looks only for the reverse).

A view with \`pagination_class = None\` was decided by someone and is left alone.`,
  references: [
    'Django REST framework 3.15, rest_framework/settings.py: DEFAULT_PAGINATION_CLASS None, PAGE_SIZE None',
    'Django REST framework 3.15, rest_framework/pagination.py, rest_framework/checks.py',
  ],
  messages: {
    noClass:
      '{view} returns every row: neither the view nor DEFAULT_PAGINATION_CLASS paginates. Set a page size for all views in REST_FRAMEWORK, or a pagination_class here.',
    noSize: '{view} returns every row: {style} does nothing without PAGE_SIZE. Set PAGE_SIZE in REST_FRAMEWORK.',
    paginateAll: 'Paginate all list views by 50 in REST_FRAMEWORK (changes the shape of every list answer)',
    setSize: 'Set PAGE_SIZE to 50 in REST_FRAMEWORK',
  },
  *check({ process }) {
    const { django } = process;
    const gap = django && pagination(django);
    if (!gap) return;
    for (const view of process.code.listViews) {
      if (view.pagination !== 'default') continue;
      yield {
        at: view.at,
        subject: view.name,
        message:
          gap.style === undefined
            ? { says: 'noClass', with: { view: view.name } }
            : { says: 'noSize', with: { view: view.name, style: gap.style } },
        trail: gap.trail,
        fixes: () => [fixFor(django, gap)],
      };
    }
  },
});

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
